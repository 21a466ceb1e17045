import type { ComponentChildren } from "preact";

export interface Column<Row> {
    key: string;
    title: string;
    cell: (row: Row) => ComponentChildren;
    /* Figures stand at the end of their column. */
    numeric?: boolean;
    /* For columns of buttons. */
    hiddenTitle?: boolean;
}

/* A plain table; on a narrow screen each row becomes a card whose cells carry their column's title. */
export function Table<Row>({ columns, rows, rowKey, caption }: { columns: readonly Column<Row>[]; rows: readonly Row[]; rowKey: (row: Row) => string | number; caption: string }) {
    return (
        <table class="table">
            <caption class="unseen">{caption}</caption>
            <thead>
                <tr>{columns.map((column) => <th key={column.key} scope="col" class={column.numeric ? "numeric" : undefined}><span class={column.hiddenTitle ? "unseen" : undefined}>{column.title}</span></th>)}</tr>
            </thead>
            <tbody>
                {rows.map((row) => (
                    <tr key={rowKey(row)}>
                        {columns.map((column) => <td key={column.key} data-label={column.hiddenTitle ? undefined : column.title} class={column.numeric ? "numeric" : undefined}>{column.cell(row)}</td>)}
                    </tr>
                ))}
            </tbody>
        </table>
    );
}
