/** The shortest of the last round trips: what the way itself takes, without the waits that happen on it. */

const REMEMBERED = 20; // two seconds of reports

export class RoundTrip {
  private readonly last: number[] = [];

  /** Milliseconds; null until one was noted. */
  get least(): number | null {
    return this.last.length > 0 ? Math.min(...this.last) : null;
  }

  note(milliseconds: number): void {
    this.last.push(milliseconds);
    if (this.last.length > REMEMBERED) this.last.shift();
  }
}
