import type { Row } from "../rows/row.js";

/** Makes something of the rows of an input, piece by piece. It knows nothing of other pieces. */
export interface RowWork<Part> {
  part(rows: Iterable<Row>): Part;
}
