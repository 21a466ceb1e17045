/* Drawn for this page on a grid of 24, with strokes that follow the text's colour. Those that point along the line turn
 * around in Arabic; an arrow that turns back in time does so in both. */
const PATHS = {
    incidents: "M4 6h16M4 12h16M4 18h10",
    review: "M4 12.5l4.5 4.5L20 6.5",
    voices: "M5 6h14v9h-8l-4 4v-4H5z",
    compare: "M8 4v16M16 4v16M4 8h4M16 8h4M4 14h4M16 14h4",
    add: "M12 5v14M5 12h14",
    minus: "M5 12h14",
    whole: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
    area: "M4 4h3M10.5 4h3M17 4h3v3M20 10.5v3M20 17v3h-3M13.5 20h-3M7 20H4v-3M4 13.5v-3M4 7V4",
    search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20 20",
    close: "M6 6l12 12M18 6L6 18",
    check: "M5 12.5l4.5 4.5L19 7.5",
    down: "M6 9l6 6 6-6",
    up: "M6 15l6-6 6 6",
    forward: "M9 6l6 6-6 6",
    back: "M15 6l-6 6 6 6",
    more: "M5 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2zM12 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2zM19 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2z",
    user: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
    settings: "M4 7h10M18 7h2M16 5v4M4 17h2M10 17h10M8 15v4",
    sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1",
    moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z",
    system: "M4 5h16v11H4zM9 20h6M12 16v4",
    copy: "M9 9h11v11H9zM5 15H4V4h11v1",
    download: "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14",
    upload: "M12 16V5M7.5 9.5L12 5l4.5 4.5M5 20h14",
    link: "M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1",
    outside: "M13 5h6v6M19 5l-9 9M17 14v5H5V7h5",
    warning: "M12 4L2.5 20h19zM12 10v4.5M12 17.3h.01",
    info: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5.5M12 7.8h.01",
    filter: "M4 6h16M7 12h10M10 18h4",
    edit: "M4 20h4L19.5 8.5l-4-4L4 16z",
    trash: "M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13",
    undo: "M8 5L4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11h-3",
    split: "M12 20v-7M12 13L6 6M12 13l6-7M6 10V6h4M14 6h4v4",
    join: "M12 4v7M12 11l-6 8M12 11l6 8M9 7l3-3 3 3",
    history: "M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 4v4.5h4.5M12 8v4.5l3 2",
    key: "M8 10.5a4.5 4.5 0 1 0 0 7 4.5 4.5 0 0 0 0-7zM10.5 11.5L19 4M16 6.5l2.5 2.5",
    lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
    calendar: "M4 6h16v14H4zM4 10h16M8 3.5v4M16 3.5v4",
    map: "M9 5L4 7v12l5-2 6 2 5-2V5l-5 2zM9 5v12M15 7v12",
    document: "M6 3.5h8l4 4V20.5H6zM14 3.5v4h4",
    print: "M7 8V4h10v4M7 16H4V8h16v8h-3M7 13h10v7H7z",
    keyboard: "M3 7h18v10H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8",
    language: "M3.5 12a8.5 8.5 0 1 0 17 0 8.5 8.5 0 1 0-17 0zM3.5 12h17M12 3.5c-5 5-5 12 0 17M12 3.5c5 5 5 12 0 17",
    flag: "M6 21V4h11l-2 4 2 4H6",
} as const;

export type IconName = keyof typeof PATHS;
const TURNS: ReadonlySet<IconName> = new Set(["forward", "back", "incidents", "outside", "voices"]);

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
    return (
        <svg class={TURNS.has(name) ? "icon turns" : "icon"} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d={PATHS[name]} />
        </svg>
    );
}
