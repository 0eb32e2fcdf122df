/** Which controls the model that plays follows: the page shows those alone. */

import type { Controls, Hello, Scalar } from "./protocol";

/** Whether the model follows any of these. Without a word from the server it follows everything. */
export function honours(hello: Hello | null | undefined, ...names: (keyof Controls)[]): boolean {
  return !hello?.honours || names.some((name) => hello.honours?.includes(name));
}

/** Two controls to put on axes: the wanted ones if the model follows them, else the first others that it does. */
export function axesOf(hello: Hello | null | undefined, wanted: readonly [Scalar, Scalar], all: readonly Scalar[]): [Scalar, Scalar] {
  const open = [...wanted, ...all].filter((name, i, names) => names.indexOf(name) === i && honours(hello, name));
  return [open[0] ?? wanted[0], open[1] ?? wanted[1]];
}
