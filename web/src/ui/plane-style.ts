/** How the plane of prompts looks. */

import { css } from "lit";

export const planeStyle = css`
  .plane {
    position: relative;
    aspect-ratio: 4 / 3;
    overflow: hidden;
    border-radius: 12px;
    background: var(--raised);
    touch-action: none;
    cursor: crosshair;
  }
  svg {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    pointer-events: none;
  }
  circle.ring {
    fill: none;
    stroke: var(--line);
    stroke-width: 1;
    vector-effect: non-scaling-stroke;
  }
  line {
    stroke: var(--mine);
    stroke-linecap: round;
    vector-effect: non-scaling-stroke;
  }
  .glow {
    position: absolute;
    width: 62%;
    aspect-ratio: 1;
    border-radius: 50%;
    background: radial-gradient(closest-side, var(--mine-fill), transparent);
    transform: translate(-50%, -50%);
    pointer-events: none;
  }
  .pad {
    position: absolute;
    width: 0;
    height: 0;
    cursor: grab;
  }
  .pad i {
    position: absolute;
    left: 0;
    top: 0;
    width: calc(14px + 16px * var(--share));
    aspect-ratio: 1;
    border: 2px solid var(--mine);
    border-radius: 50%;
    background: color-mix(in srgb, var(--mine-fill) calc(100% * min(1, 0.15 + 1.2 * var(--share))), var(--surface));
    transform: translate(-50%, -50%);
  }
  .pad i::before {
    content: "";
    position: absolute;
    inset: -12px;
  }
  .pad span {
    position: absolute;
    top: calc(10px + 8px * var(--share));
    display: flex;
    gap: 6px;
    width: max-content;
    max-width: 168px;
    padding: 3px 6px;
    border-radius: 6px;
    font-size: 12.5px;
    line-height: 1.25;
    color: var(--text);
    /* The words stay on the plane: flush left at the left edge, flush right at the right. */
    transform: translateX(calc(-100% * var(--x)));
  }
  .pad.above span {
    top: auto;
    bottom: calc(10px + 8px * var(--share));
  }
  .pad b {
    overflow: hidden;
    font-weight: 400;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .pad em {
    font-style: normal;
    font-variant-numeric: tabular-nums;
    color: var(--mine);
  }
  .pad.silent span {
    color: var(--faint);
  }
  .pad[aria-pressed="true"] span {
    background: color-mix(in srgb, var(--lifted) 88%, transparent);
  }
  .pad:focus-visible {
    outline: none;
  }
  .pad:focus-visible i {
    outline: 2px solid var(--focus);
    outline-offset: 3px;
  }
  .cursor {
    position: absolute;
    width: 34px;
    height: 34px;
    border: 2px solid var(--text);
    border-radius: 50%;
    transform: translate(-50%, -50%);
    cursor: grab;
  }
  .cursor i::before,
  .cursor i::after {
    content: "";
    position: absolute;
    left: 50%;
    top: -5px;
    width: 2px;
    height: 8px;
    margin-left: -1px;
    background: var(--text);
    box-shadow: 0 32px 0 var(--text);
  }
  .cursor i::after {
    transform: rotate(90deg);
    transform-origin: 50% 20px;
  }
  .dragging,
  .dragging * {
    cursor: grabbing;
  }
  .edit {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 8px;
    margin-top: 10px;
  }
  .edit .field {
    width: 100%;
  }
  .edit button {
    height: 38px;
    padding: 0 12px;
    border: 1px solid var(--line);
    border-radius: 10px;
    font-size: 13px;
    color: var(--dim);
  }
  .edit button:hover:not(:disabled) {
    color: var(--text);
    border-color: var(--faint);
  }
`;
