/** Asks for the server's token, where the one this browser holds is not, or no longer, the right one. */

import { LitElement, css, html } from "lit";
import { shared } from "./element";

export class LegatoDoor extends LitElement {
  static override styles = [
    shared,
    css`
      dialog {
        width: min(440px, calc(100vw - 32px));
        padding: 26px 28px 24px;
        border: 1px solid var(--line);
        border-radius: 18px;
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      dialog::backdrop {
        background: color-mix(in srgb, var(--ink) 72%, transparent);
        backdrop-filter: blur(3px);
      }
      h2 {
        margin-bottom: 10px;
        font: italic 25px/1.2 var(--score);
        color: var(--text);
      }
      p {
        margin: 0 0 18px;
        font-size: 14px;
        line-height: 1.5;
        color: var(--dim);
      }
      form {
        display: flex;
        gap: 8px;
      }
      .field {
        flex: 1;
        height: 44px;
      }
      button {
        height: 44px;
        padding: 0 20px;
        border-radius: 10px;
        background: var(--mine-fill);
        color: var(--on-mine);
        font-weight: 500;
      }
    `,
  ];

  override render() {
    return html`<dialog aria-labelledby="title" @cancel=${(event: Event) => event.preventDefault()}>
      <h2 id="title">This server asks for its token</h2>
      <p>
        It was started anew, or lets others in now. Open the address ending in ?token=… that it printed, or enter what stands behind the sign of equality: the page
        comes back as you left it.
      </p>
      <form @submit=${this.enter}>
        <input class="field" aria-label="Token" type="password" autocomplete="current-password" required autofocus />
        <button>Open</button>
      </form>
    </dialog>`;
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  /** Goes through the server's door, which leaves the cookie and comes back. */
  private readonly enter = (event: Event) => {
    event.preventDefault();
    const address = new URL(location.href);
    address.searchParams.set("token", this.renderRoot.querySelector("input")?.value ?? "");
    location.assign(address);
  };
}

customElements.define("legato-door", LegatoDoor);
