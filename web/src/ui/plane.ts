/** The prompts as pads on a plane: the cursor is what plays, and the nearer a pad, the more of it is heard. */

import { html, svg } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { canDrop, CENTRE, distanceFor, drop, HEIGHT, moveCursor, movePad, rename, shares, type Pad, type Point } from "../state/surface";
import { arrowOf, placeOf } from "./drag";
import { SessionElement, shared } from "./element";
import { planeStyle } from "./plane-style";

const RINGS = [0.75, 0.4, 0.1]; // weights at which a ring is drawn around the cursor
const EDGE = 0.1; // closer than this to the upper or lower edge there is no room for words

const percent = (x: number) => `${(100 * x).toFixed(2)}%`;
const across = (point: Point) => `left: ${percent(point.x)}; top: ${percent(point.y / HEIGHT)}`;

/** Where on the plane a pointer is. */
function pointOf(event: PointerEvent): Point {
  const { x, y } = placeOf(event, event.currentTarget as HTMLElement);
  return { x, y: y * HEIGHT };
}

export class LegatoPlane extends SessionElement {
  static override properties = { ...SessionElement.properties, selected: { state: true }, dragged: { state: true } };
  declare selected: number | null;
  declare dragged: number | "cursor" | null;
  private apart: Point = { x: 0, y: 0 }; // from the pointer to the middle of what it holds

  constructor() {
    super();
    this.selected = null;
    this.dragged = null;
  }

  static override styles = [shared, planeStyle];

  override render() {
    const { surface } = this.desk;
    const parts = shares(surface);
    const selected = surface.pads.find((pad) => pad.id === this.selected) ?? surface.pads[0];
    const learnt = this.desk.midi.waiting === "cursor.y" ? "cursor.y" : "cursor.x";
    return html`
      <div
        class="plane ${this.dragged === null ? "" : "dragging"} ${this.waitClass("prompts")}"
        role="group"
        aria-label="Plane of prompts"
        @pointerdown=${this.grab}
        @pointermove=${this.drag}
        @pointerup=${this.letGo}
        @pointercancel=${this.letGo}
      >
        ${surface.pads.map((pad) => html`<div class="glow" style="${across(pad)}; opacity: ${0.42 * (parts[pad.text] ?? 0)}"></div>`)}
        ${this.lines(surface.pads, surface.cursor, parts)}
        ${repeat(surface.pads, (pad) => pad.id, (pad) => this.pad(pad, parts[pad.text] ?? 0, pad === selected))}
        <button
          class="cursor ${this.markClass(learnt)}"
          style=${across(surface.cursor)}
          data-moves
          data-learn="cursor.x"
          data-learn-label=${this.learnLabel(learnt)}
          aria-label="Cursor: ${Math.round(100 * surface.cursor.x)} percent across, ${Math.round((100 * surface.cursor.y) / HEIGHT)} percent down; arrow keys move it"
          title="Drag, or use the arrow keys; double-click centres"
          @keydown=${this.cursorKey}
          @dblclick=${() => this.desk.place(moveCursor(surface, CENTRE), "cursor")}
        >
          <i></i>
        </button>
      </div>
      ${selected ? this.edit(selected) : null}
    `;
  }

  private lines(pads: readonly Pad[], cursor: Point, parts: Record<string, number>) {
    return html`<svg viewBox="0 0 1 ${HEIGHT}" aria-hidden="true">
      ${RINGS.map((weight) => svg`<circle class="ring" cx=${cursor.x} cy=${cursor.y} r=${distanceFor(weight)} />`)}
      ${pads.map((pad) => {
        const share = parts[pad.text] ?? 0;
        return svg`<line x1=${cursor.x} y1=${cursor.y} x2=${pad.x} y2=${pad.y} stroke-width=${1 + 2.5 * share} opacity=${Math.min(1, 2 * share)} />`;
      })}
    </svg>`;
  }

  private pad(pad: Pad, share: number, selected: boolean) {
    const words = pad.text || "unnamed";
    return html`<button
      class="pad ${share > 0 ? "" : "silent"} ${this.wordsAbove(pad) ? "above" : ""}"
      style="${across(pad)}; --share: ${share}; --x: ${pad.x}"
      data-moves
      data-pad=${pad.id}
      aria-pressed=${selected}
      aria-label="${words}: ${Math.round(100 * share)} percent; arrow keys move it, Enter renames, Delete removes"
      @focus=${() => (this.selected = pad.id)}
      @keydown=${(event: KeyboardEvent) => this.padKey(event, pad)}
      @dblclick=${() => void this.focusName(pad.id)}
    >
      <i></i><span><b>${words}</b>${share > 0 ? html`<em>${Math.round(100 * share)}%</em>` : null}</span>
    </button>`;
  }

  /** The words stand on the side away from the cursor, where there is room. */
  private wordsAbove(pad: Pad): boolean {
    if (pad.y < EDGE) return false;
    return pad.y > HEIGHT - EDGE || pad.y < this.desk.surface.cursor.y;
  }

  private edit(pad: Pad) {
    const { hello } = this.session;
    return html`<div class="edit">
      <input
        class="field name"
        aria-label="Name of the chosen pad"
        placeholder="describe the music"
        maxlength=${hello?.limits.prompt_characters ?? 500}
        .value=${pad.text}
        @keydown=${(event: KeyboardEvent) => event.key === "Enter" && (event.target as HTMLInputElement).blur()}
        @change=${(event: Event) => this.name(pad, (event.target as HTMLInputElement))}
      />
      <button aria-label="Remove ${pad.text || "unnamed"}" ?disabled=${!canDrop(this.desk.surface, pad.id)} @click=${() => this.takeAway(pad)}>Remove</button>
    </div>`;
  }

  private readonly grab = (event: PointerEvent) => {
    if (event.button !== 0 || this.desk.midi.learning) return;
    this.renderRoot.querySelector<HTMLInputElement>(".name:focus")?.blur(); // a name being written is taken before another pad is chosen
    const path = event.composedPath();
    const held = path.find((node): node is HTMLElement => node instanceof HTMLElement && node.matches("[data-pad], .cursor"));
    const { surface } = this.desk;
    const pad = surface.pads.find(({ id }) => id === Number(held?.dataset.pad));
    const at = pointOf(event);
    const middle = held ? (pad ?? surface.cursor) : at; // beside everything the cursor comes to the pointer
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.apart = { x: middle.x - at.x, y: middle.y - at.y };
    this.dragged = pad?.id ?? "cursor";
    this.selected = pad?.id ?? this.selected;
    if (!held) this.move(event);
  };

  private readonly drag = (event: PointerEvent) => {
    if (this.dragged !== null) this.move(event);
  };

  private readonly letGo = () => {
    this.dragged = null;
  };

  private move(event: PointerEvent): void {
    const at = pointOf(event);
    const to = { x: at.x + this.apart.x, y: at.y + this.apart.y };
    if (this.dragged === "cursor") this.desk.place(moveCursor(this.desk.surface, to), "cursor");
    else if (this.dragged !== null) this.desk.place(movePad(this.desk.surface, this.dragged, to), `pad ${this.dragged}`);
  }

  private readonly cursorKey = (event: KeyboardEvent) => {
    const by = arrowOf(event);
    const { surface } = this.desk;
    if (!by) return;
    event.preventDefault();
    this.desk.place(moveCursor(surface, { x: surface.cursor.x + by.x, y: surface.cursor.y + by.y }), "cursor");
  };

  private padKey(event: KeyboardEvent, pad: Pad): void {
    const by = arrowOf(event);
    if (by) this.desk.place(movePad(this.desk.surface, pad.id, { x: pad.x + by.x, y: pad.y + by.y }), `pad ${pad.id}`);
    else if (event.key === "Delete" || event.key === "Backspace") this.takeAway(pad);
    else if (event.key === "Enter") void this.focusName(pad.id);
    else return;
    event.preventDefault();
  }

  /** An emptied name takes the old one back: a pad is removed with Remove. */
  private name(pad: Pad, field: HTMLInputElement): void {
    if (field.value.trim() && field.value.trim() !== pad.text) this.desk.place(rename(this.desk.surface, pad.id, field.value), `name ${pad.id}`);
    else field.value = pad.text;
  }

  private takeAway(pad: Pad): void {
    if (canDrop(this.desk.surface, pad.id)) this.desk.place(drop(this.desk.surface, pad.id), `drop ${pad.id}`);
  }

  /** Chooses a pad and puts the text cursor into its name. */
  async focusName(id: number): Promise<void> {
    this.selected = id;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLInputElement>(".name")?.select();
  }
}

customElements.define("legato-plane", LegatoPlane);
