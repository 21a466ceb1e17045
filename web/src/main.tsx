/* The workspace: its frame, and which view stands in it for which address. */
import { signal } from "@preact/signals";
import { render, type ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { query } from "./base";
import { startEvents } from "./events";
import { Frame } from "./frame/Frame";
import { Title } from "./frame/Title";
import { speak, t } from "./i18n";
import { go, onMoved, place, startRouter } from "./router";
import { routeOf, type Route, type ViewProps } from "./routes";
import { loadSession, session } from "./session";
import { language } from "./settings";
import { Empty, ErrorBox, Loading, startShortcuts } from "./ui";

/* The views that are loaded, by their route; null for one that could not be. */
const loaded = signal<ReadonlyMap<Route, ComponentType<ViewProps> | null>>(new Map());
const failed = signal<unknown>(null);

function fetchView(route: Route): void {
    route.load().then(
        (module) => (loaded.value = new Map(loaded.value).set(route, module.default)),
        () => (loaded.value = new Map(loaded.value).set(route, null)),
    );
}

function NotFound() {
    return <div class="page"><Title words={t("not_found_title")} /><Empty title={t("error_not_found")} /></div>;
}

function Forbidden() {
    return <div class="page"><Title words={t("forbidden_title")} /><Empty icon="lock" title={t("error_forbidden")} /></div>;
}

/* Who has to sign in is sent there, and comes back afterwards. */
function ToLogin() {
    useEffect(() => go(session.peek()?.setup ? "setup" : "login", { to: place.peek().path + query(Object.fromEntries(place.peek().query)) }, { quiet: true }), []);
    return null;
}

function View({ route, id }: { route: Route; id: string }) {
    useEffect(() => {
        if (!loaded.peek().has(route)) {
            fetchView(route);
        }
    }, [route]);
    const Found = loaded.value.get(route);
    if (Found === undefined) {
        return <Loading />;
    }
    return Found ? <Found key={id} id={id} query={place.value.query} /> : <ErrorBox error={null} again={() => location.reload()} />;
}

function Page() {
    const here = session.value;
    if (failed.value) {
        return <ErrorBox error={failed.value} again={() => void begin()} />;
    }
    if (!here) {
        return <Loading />;
    }
    const found = routeOf(place.value.path);
    const { route, id } = found ?? { route: null, id: "" };
    if (!route) {
        return <Frame section=""><NotFound /></Frame>;
    }
    const allowed = !route.may || here.may.includes(route.may);
    const view = allowed ? <View route={route} id={id} /> : here.user || !here.accounts ? <Forbidden /> : <ToLogin />;
    return route.bare ? <main id="content" class="bare">{view}</main> : <Frame section={route.section}>{view}</Frame>;
}

/* After a move the new page's heading has the focus, once it is there. */
function focusHeading(): void {
    const main = document.getElementById("content");
    const find = () => main?.querySelector<HTMLElement>("h1");
    main?.focus({ preventScroll: true });
    const observer = new MutationObserver(() => {
        const heading = find();
        if (heading && document.activeElement === main) {
            heading.focus({ preventScroll: true });
            observer.disconnect();
        }
    });
    if (main) {
        observer.observe(main, { childList: true, subtree: true });
        setTimeout(() => observer.disconnect(), 5000);
    }
}

async function begin(): Promise<void> {
    failed.value = null;
    try {
        await loadSession();
    } catch (error) {
        failed.value = error;
    }
}

async function start(): Promise<void> {
    const early = routeOf(place.value.path);
    if (early) {
        fetchView(early.route);
    }
    const session = begin();
    await speak(language.value);
    startRouter();
    startShortcuts();
    onMoved(focusHeading);
    render(<Page />, document.getElementById("app")!);
    await session;
    startEvents();
}

void start();
