/** Base of every part of the page that shows the session: draws again whenever it changes. */

import { LitElement, css } from "lit";
import type { Session } from "../state/session";

export class SessionElement extends LitElement {
  static override properties = { session: { attribute: false } };
  declare session: Session;
  private readonly redraw = () => this.requestUpdate();
  private watched: Session | null = null;

  override willUpdate(): void {
    if (this.watched === this.session) return;
    this.unwatch();
    this.session?.addEventListener("change", this.redraw);
    this.watched = this.session;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unwatch();
  }

  private unwatch(): void {
    this.watched?.removeEventListener("change", this.redraw);
    this.watched = null;
  }
}

/** Styles every part shares: type, buttons, fields, focus. */
export const shared = css`
  * {
    box-sizing: border-box;
  }
  :host {
    display: block;
  }
  h2 {
    margin: 0;
    font: 500 13px/1.3 var(--sans);
    letter-spacing: 0.02em;
    color: var(--dim);
  }
  button,
  input,
  select {
    font: inherit;
    color: inherit;
  }
  button {
    cursor: pointer;
    background: none;
    border: 0;
    padding: 0;
  }
  button:disabled {
    cursor: default;
    opacity: 0.45;
  }
  :is(button, input, select, summary, a):focus-visible {
    outline: 2px solid var(--text);
    outline-offset: 2px;
  }
  .field {
    height: 38px;
    min-width: 0;
    padding: 0 12px;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--raised);
    font-size: 14px;
  }
  .field.mine {
    border-color: var(--mine);
    color: var(--mine);
  }
  select.field {
    appearance: none;
    padding-right: 28px;
    background: var(--raised)
      url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='10' height='6'%3E%3Cpath d='M1 1l4 4 4-4' fill='none' stroke='%2398a1b0' stroke-width='1.5'/%3E%3C/svg%3E")
      no-repeat right 11px center;
  }
  select.field option {
    background: var(--raised);
    color: var(--text);
  }
  .quiet {
    font-size: 12px;
    color: var(--dim);
  }
  .release {
    flex: none;
    width: 24px;
    height: 24px;
    border-radius: 50%;
    color: var(--mine);
    font-size: 15px;
    line-height: 1;
  }
  .release:hover {
    background: var(--mine-soft);
  }
  .release[hidden] {
    display: block;
    visibility: hidden;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
`;
