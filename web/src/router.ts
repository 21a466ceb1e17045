/* The place that the address bar names, as a signal, and how to go to another. */
import { signal } from "@preact/signals";
import { base, href, type Query } from "./base";
import { wantsStill } from "./settings";

const LONGEST_MS = 5000;

export interface Place {
    /* Below the base, without slashes at its ends. */
    path: string;
    query: URLSearchParams;
    hash: string;
}

function here(): Place {
    const path = location.pathname.startsWith(base) ? location.pathname.slice(base.length) : location.pathname;
    return { path: path.replace(/^\/+|\/+$/g, ""), query: new URLSearchParams(location.search), hash: location.hash.slice(1) };
}

export const place = signal<Place>(here());

/* Called after each move that shows another page: the frame moves the focus and the scroll. */
let moved: () => void = () => undefined;
export const onMoved = (call: () => void): void => void (moved = call);

function keepScroll(): void {
    history.replaceState({ ...history.state, scroll: scrollY }, "");
}

/* Goes to a page: go("incidents", {text: "…"}). `quiet` changes the address without another entry in the history and
 * without moving the focus: for filters as they are typed. */
export function go(path: string, values?: Query, options: { quiet?: boolean } = {}): void {
    goTo(href(path, values), options);
}

export function goTo(address: string, { quiet = false }: { quiet?: boolean } = {}): void {
    if (quiet) {
        history.replaceState(history.state, "", address);
        place.value = here();
        return;
    }
    returning?.abort();
    keepScroll();
    const same = new URL(address, location.href).pathname === location.pathname;
    history.pushState(null, "", address);
    place.value = here();
    if (!same) {
        scrollTo(0, 0);
        moved();
    }
}

export function decoded(text: string): string {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}

function jump(hash: string): void {
    const target = document.getElementById(decoded(hash));
    if (!target) {
        return;
    }
    // What would not fit is shown from its beginning.
    const tall = hash === "content" || target.getBoundingClientRect().height > innerHeight / 2;
    target.scrollIntoView({ block: tall ? "start" : "center", behavior: wantsStill() ? "auto" : "smooth" });
    if (!target.matches("a[href], button, input, select, textarea, [tabindex]")) {
        target.tabIndex = -1;
    }
    target.focus({ preventScroll: true });
}

/* The address of a click on a link of this workspace that the browser need not follow itself. */
function inside(event: MouseEvent): URL | null {
    const anchor = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
    if (!anchor || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
        return null;
    }
    // An SVG link's href is an object; its attribute is what was written.
    const address = new URL(anchor.getAttribute("href")!, document.baseURI);
    const served = address.origin === location.origin && address.pathname.startsWith(base) && !address.pathname.startsWith(base + "api/");
    return anchor.getAttribute("target") || anchor.hasAttribute("download") || "outside" in anchor.dataset || !served ? null : address;
}

function click(event: MouseEvent): void {
    const anchor = event.target instanceof Element ? event.target.closest("a[href]") : null;
    const written = anchor?.getAttribute("href") ?? "";
    const address = inside(event);
    if (!address) {
        return;
    }
    event.preventDefault();
    if (written.startsWith("#")) {
        history.replaceState(history.state, "", location.pathname + location.search + written);
        jump(written.slice(1));
    } else {
        goTo(address.href);
    }
}

let returning: AbortController | null = null;

/* Back to where one was, as soon as what is loaded anew reaches so far down, unless the reader does something first. */
function returnTo(scroll: number): void {
    const end = new AbortController();
    const observer = new ResizeObserver(() => {
        scrollTo(0, scroll);
        if (scrollY >= scroll - 1) {
            end.abort();
        }
    });
    end.signal.addEventListener("abort", () => observer.disconnect());
    ["wheel", "touchmove", "keydown", "pointerdown"].forEach((name) => addEventListener(name, () => end.abort(), { passive: true, signal: end.signal }));
    observer.observe(document.body);
    setTimeout(() => end.abort(), LONGEST_MS);
    returning = end;
}

export function startRouter(): void {
    history.scrollRestoration = "manual";
    document.addEventListener("click", click);
    addEventListener("popstate", (event) => {
        place.value = here();
        returning?.abort();
        returnTo((event.state as { scroll?: number } | null)?.scroll ?? 0);
    });
}
