/** Maximum length of the list of wrong exposures on a page, in characters. */
const MAX_CHARACTERS = 200_000;

/** Keeps the first whole lines of a list. */
export class FirstListed {
  #text = "";
  #isFull = false;

  get text(): string {
    return this.#text;
  }

  add(listed: string): void {
    if (this.#isFull) return;
    const room = MAX_CHARACTERS - this.#text.length;
    this.#isFull = listed.length > room;
    this.#text += this.#isFull ? listed.slice(0, listed.lastIndexOf("\n", room) + 1) : listed;
  }
}
