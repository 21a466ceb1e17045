/* The rows of a list that a server gives page by page, each page by the cursor at the end of the one before. Of a long
 * list only the pages near the reader are kept, and all cursors, so that what was let go is asked again. */
export interface Page<Row> {
    rows: readonly Row[];
    next: string | null;
    total?: number | undefined;
    capped?: boolean | undefined;
}

export type LoadPage<Row> = (after: string | null, signal: AbortSignal) => Promise<Page<Row>>;

/* What a virtual list draws from. */
export interface RowSource<Row> {
    /* How many rows are known, whether or not they are kept; there may be `more`. */
    readonly size: number;
    readonly total: number | null;
    readonly capped: boolean;
    readonly empty: boolean;
    readonly more: boolean;
    readonly error: unknown;
    at(row: number): Row | undefined;
    /* Asks what is missing of the rows [from, to), which may lie beyond the known ones. */
    want(from: number, to: number): void;
    again(): void;
    stop(): void;
    /* Called when any of this has changed. */
    changed: () => void;
}

const KEPT_PAGES = 40;

export class PagedRows<Row> implements RowSource<Row> {
    /* Of page i: the cursor to ask it by, and the number of its first row. */
    private cursors: (string | null)[] = [null];
    private starts: number[] = [0];
    private pages = new Map<number, readonly Row[]>();
    private waiting = new Map<number, AbortController>();
    private begun = false;
    private unknown = true;
    total: number | null = null;
    capped = false;
    error: unknown = null;

    constructor(private readonly load: LoadPage<Row>, public changed: () => void) {}

    /* How many rows are known, whether or not they are kept. */
    get size(): number {
        return this.starts[this.starts.length - 1]!;
    }
    /* No row is known and none is missing: the list is empty. */
    get empty(): boolean {
        return this.begun && !this.unknown && this.size === 0;
    }
    get more(): boolean {
        return this.unknown;
    }

    private pageOf(row: number): number {
        let low = 0;
        let high = this.starts.length - 1;
        while (low < high) {
            const middle = (low + high + 1) >> 1;
            if (this.starts[middle]! <= row) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    at(row: number): Row | undefined {
        const page = this.pageOf(row);
        return this.pages.get(page)?.[row - this.starts[page]!];
    }

    /* Asks what is missing of the rows [from, to), which may lie beyond the known ones. */
    want(from: number, to: number): void {
        const first = this.pageOf(Math.max(0, from));
        const last = this.pageOf(Math.max(0, to));
        for (let page = first; page <= last; page++) {
            const isLast = page === this.starts.length - 1;
            if (!this.pages.has(page) && !this.waiting.has(page) && (!isLast || this.unknown)) {
                void this.ask(page);
            }
        }
        this.letGo(first, last);
    }

    private async ask(page: number): Promise<void> {
        const controller = new AbortController();
        this.waiting.set(page, controller);
        try {
            const answer = await this.load(this.cursors[page]!, controller.signal);
            if (controller.signal.aborted) {
                return;
            }
            this.waiting.delete(page);
            this.take(page, answer);
        } catch (error) {
            if (controller.signal.aborted) {
                return;
            }
            this.waiting.delete(page);
            this.error = error;
        }
        this.changed();
    }

    private take(page: number, answer: Page<Row>): void {
        this.begun = true;
        this.error = null;
        this.total = answer.total ?? this.total;
        this.capped = answer.capped ?? this.capped;
        this.pages.set(page, answer.rows);
        if (page === this.starts.length - 1) {
            this.starts.push(this.starts[page]! + answer.rows.length);
            this.cursors.push(answer.next);
            this.unknown = answer.next !== null && answer.rows.length > 0;
        }
    }

    private letGo(first: number, last: number): void {
        if (this.pages.size <= KEPT_PAGES) {
            return;
        }
        for (const page of this.pages.keys()) {
            if (page < first - KEPT_PAGES / 4 || page > last + KEPT_PAGES / 4) {
                this.pages.delete(page);
            }
        }
    }

    again(): void {
        this.error = null;
        this.changed();
    }

    stop(): void {
        this.waiting.forEach((controller) => controller.abort());
        this.waiting.clear();
    }
}
