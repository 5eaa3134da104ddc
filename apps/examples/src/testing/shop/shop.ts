import type { Client } from "@sortition/node";

/** A customer of the shop. */
export interface Customer {
  readonly id: string;
  readonly country?: string;
}

/** The parts of a shop that depend on flags. */
export class Shop {
  readonly #flags: Client<object>;

  constructor(flags: Client<object>) {
    this.#flags = flags;
  }

  hasNewSearch({ id, ...attributes }: Customer): boolean {
    return this.#flags.getBooleanAssignment("new-search", id, attributes, false);
  }

  checkoutPages({ id, ...attributes }: Customer): number {
    const checkout = this.#flags.getStringAssignment("checkout", id, attributes, "standard");
    switch (checkout) {
      case "one-page":
        return 1;
      case "guided":
        return 5;
      default:
        return 3;
    }
  }

  freeShippingFrom({ id, ...attributes }: Customer): number {
    return this.#flags.getIntegerAssignment("free-shipping", id, attributes, 100);
  }

  shoeOfTheDay({ id, ...attributes }: Customer): string | null {
    return this.#flags.getBanditAction("shoe", id, attributes, ["nike", "adidas"], "none").action;
  }
}
