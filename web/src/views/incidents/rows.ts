/* The incidents of a filter, however many: the server says how many there are, so that one can go to any of them at
 * once; whoever reads on follows the cursors, so that no row comes twice or is missed while others are added. Only the
 * pages near the reader are kept. */
import { aborted, get } from "../../api";
import type { IncidentsAnswer, Summary } from "../../shapes";
import type { RowSource } from "../../ui";

const PAGE = 60;
const KEPT = 30;

export class IncidentRows implements RowSource<Summary> {
    private pages = new Map<number, readonly Summary[]>();
    /* The cursor behind a page. */
    private ends = new Map<number, string>();
    private waiting = new Map<number, AbortController>();
    private begun = false;
    private known = 0;
    /* Of the list, and of the page around it. */
    changed: () => void = () => undefined;
    around: () => void = () => undefined;
    total: number | null = null;
    capped = false;
    error: unknown = null;

    constructor(readonly fields: Record<string, string>) {}

    get size(): number {
        return this.capped ? this.known : (this.total ?? 0);
    }
    get empty(): boolean {
        return this.begun && this.size === 0;
    }
    get more(): boolean {
        return !this.begun || this.capped;
    }

    private tell(): void {
        this.changed();
        this.around();
    }

    at(row: number): Summary | undefined {
        return this.pages.get(Math.floor(row / PAGE))?.[row % PAGE];
    }

    indexOf(id: string): number {
        for (const [page, rows] of this.pages) {
            const found = rows.findIndex((row) => row.id === id);
            if (found >= 0) {
                return page * PAGE + found;
            }
        }
        return -1;
    }

    want(from: number, to: number): void {
        const most = this.begun ? Math.max(0, Math.ceil(this.size / PAGE) - (this.capped ? 0 : 1)) : 0;
        const first = Math.min(most, Math.floor(Math.max(0, from) / PAGE));
        const last = Math.min(most, Math.floor(Math.max(0, to) / PAGE));
        this.waiting.forEach((controller, page) => {
            if (page < first - 1 || page > last + 1) {
                controller.abort(); // scrolled past
                this.waiting.delete(page);
            }
        });
        for (let page = first; page <= last; page++) {
            if (!this.pages.has(page) && !this.waiting.has(page)) {
                void this.ask(page);
            }
        }
        for (const page of this.pages.size > KEPT ? this.pages.keys() : []) {
            if (page < first - KEPT / 3 || page > last + KEPT / 3) {
                this.pages.delete(page);
            }
        }
    }

    private async ask(page: number): Promise<void> {
        const controller = new AbortController();
        this.waiting.set(page, controller);
        const after = this.ends.get(page - 1);
        const where = after ? { after } : page ? { offset: page * PAGE } : {};
        try {
            this.take(page, await get<IncidentsAnswer>("incidents", { ...this.fields, limit: PAGE, ...where }, controller.signal));
        } catch (error) {
            if (aborted(error) || controller.signal.aborted) {
                return;
            }
            this.error = error;
        }
        this.waiting.delete(page);
        this.tell();
    }

    private take(page: number, answer: IncidentsAnswer): void {
        this.begun = true;
        this.error = null;
        this.total = answer.total;
        this.pages.set(page, answer.incidents);
        this.known = Math.max(this.known, page * PAGE + answer.incidents.length);
        // Behind a full page there may be more than were counted.
        this.capped = answer.capped && answer.incidents.length === PAGE;
        if (answer.next) {
            this.ends.set(page, answer.next);
        }
    }

    /* Asks the rows around `row` anew, the old ones shown until then; the rest is asked when it is come to. */
    async refresh(row: number): Promise<void> {
        this.stop();
        const page = Math.floor(row / PAGE);
        const answers = await Promise.all([page, page + 1].filter((p) => p === page || p * PAGE < this.size).map(async (p) =>
            [p, await get<IncidentsAnswer>("incidents", { ...this.fields, limit: PAGE, ...(p && { offset: p * PAGE }) })] as const));
        this.pages.clear();
        this.ends.clear();
        answers.forEach(([p, answer]) => this.take(p, answer));
        this.tell();
    }

    again(): void {
        this.error = null;
        this.tell();
    }

    stop(): void {
        this.waiting.forEach((controller) => controller.abort());
        this.waiting.clear();
    }
}
