/** Repeated drawing at a calm rate: the processor is there for the music. */

const REST_MS = 28; // before the next frame is asked for: of a screen's 60 frames a second, every other one

const draws = new Set<() => void>();
let asleep = true;

/** Calls `draw` about 30 times a second while the page is visible, all in one frame; returns how to end it. */
export function eachFrame(draw: () => void): () => void {
  draws.add(draw);
  if (asleep) requestAnimationFrame(tick);
  asleep = false;
  return () => draws.delete(draw);
}

function tick(): void {
  asleep = draws.size === 0;
  if (!asleep) setTimeout(() => requestAnimationFrame(tick), REST_MS);
  for (const draw of draws) {
    try {
      draw();
    } catch (error) {
      reportError(error); // the others are drawn all the same
    }
  }
}
