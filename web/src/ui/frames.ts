/** Repeated drawing at a calm rate: the processor is there for the music. */

const FRAMES_PER_SECOND = 30;

/** Calls `draw` about 30 times a second while the page is visible; returns how to end it. */
export function eachFrame(draw: () => void): () => void {
  let last = 0;
  let handle = 0;
  const tick = (now: number) => {
    handle = requestAnimationFrame(tick);
    if (now - last < 1000 / FRAMES_PER_SECOND - 4) return;
    last = now;
    draw();
  };
  handle = requestAnimationFrame(tick);
  return () => cancelAnimationFrame(handle);
}
