/** Where a pointer is over an element. */

/** 0 … 1 from the left and from the top, also beyond the element while it is dragged. */
export function placeOf(event: PointerEvent, element: Element): { x: number; y: number } {
  const box = element.getBoundingClientRect();
  const share = (at: number, start: number, length: number) => Math.min(1, Math.max(0, (at - start) / length));
  return { x: share(event.clientX, box.left, box.width), y: share(event.clientY, box.top, box.height) };
}

const STEP = 0.02;
const FINE = 0.005;

/** How far an arrow key moves a thing on a plane (Shift: finely), or null for other keys. */
export function arrowOf(event: KeyboardEvent): { x: number; y: number } | null {
  const step = event.shiftKey ? FINE : STEP;
  if (event.key === "ArrowLeft") return { x: -step, y: 0 };
  if (event.key === "ArrowRight") return { x: step, y: 0 };
  if (event.key === "ArrowUp") return { x: 0, y: -step };
  if (event.key === "ArrowDown") return { x: 0, y: step };
  return null;
}
