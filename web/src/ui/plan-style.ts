/** How the conductor's plan looks: a strip of bars, like a line of a lead sheet. */

import { css } from "lit";

export const planStyle = css`
  .bars {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: minmax(132px, 1fr);
    gap: 6px;
    margin: 8px -4px 0;
    padding: 4px;
    overflow-x: auto;
    scroll-snap-type: x proximity;
    scrollbar-width: thin;
  }
  .bar {
    position: relative;
    display: grid;
    grid-template-rows: 78px 29px;
    border-radius: 11px;
    background: var(--raised);
    scroll-snap-align: start;
  }
  .bar.now {
    background: none;
    box-shadow: inset 0 0 0 1px var(--line);
  }
  .bar.locked {
    box-shadow: inset 0 0 0 1.5px var(--mine);
  }
  .bar:has(.face[aria-pressed="true"]) {
    background: var(--lifted);
    box-shadow: inset 0 0 0 2px var(--mine);
  }
  .face {
    display: grid;
    grid-template-rows: auto 1fr auto;
    min-width: 0;
    padding: 7px 11px 5px;
    border-radius: 11px 11px 0 0;
    text-align: left;
    touch-action: manipulation;
  }
  .face:disabled {
    opacity: 1;
  }
  .top {
    display: flex;
    gap: 6px;
    justify-content: space-between;
    font: italic 14px/1.2 var(--score);
    color: var(--conductor);
    white-space: nowrap;
  }
  .top b {
    overflow: hidden;
    font-weight: 400;
    text-overflow: ellipsis;
  }
  .top i {
    font: 11.5px/1.4 var(--sans);
    font-variant-numeric: tabular-nums;
    color: var(--faint);
  }
  .names {
    display: flex;
    gap: 10px;
    align-items: center;
    overflow: hidden;
    font: 20px/1.1 var(--score);
    white-space: nowrap;
  }
  .names.long {
    gap: 8px;
    font-size: 16px;
  }
  .by-hand {
    color: var(--mine);
  }
  .lanes {
    display: grid;
    gap: 2px;
  }
  .lanes i {
    height: 2px;
    border-radius: 2px;
    background: color-mix(in srgb, var(--text) 9%, transparent);
  }
  .lanes i.on {
    background: var(--conductor-fill);
  }
  .lanes.by-hand i.on {
    background: var(--mine-fill);
  }
  .tools {
    display: flex;
    padding: 0 4px 2px;
  }
  .tools button {
    display: grid;
    place-items: center;
    width: 30px;
    height: 26px;
    border-radius: 8px;
    color: var(--faint);
  }
  .tools button:hover {
    background: color-mix(in srgb, var(--text) 9%, transparent);
    color: var(--text);
  }
  .tools button[aria-pressed="true"] {
    color: var(--mine);
  }
  .tools span {
    align-self: center;
    padding-left: 7px;
    font-size: 12px;
    color: var(--dim);
  }
  .tools .undo {
    margin-left: auto;
  }
  .free {
    margin: 10px 0 2px;
    font: italic 17px/1.4 var(--score);
    color: var(--dim);
  }
  @media (max-width: 720px) {
    .bars {
      grid-auto-columns: 148px;
      margin-inline: -14px;
      padding-inline: 14px;
      scroll-padding: 14px;
    }
    .tools button {
      width: 40px;
      height: 36px;
    }
    .bar {
      grid-template-rows: 80px 38px;
    }
    .head {
      flex-wrap: wrap;
    }
  }
`;
