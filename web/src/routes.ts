/* Which view stands at which address. A view is loaded when it is first gone to. */
import type { ComponentType } from "preact";
import { decoded } from "./router";
import type { May } from "./session";

export interface ViewProps {
    /* The part of the address that is open: an id, a key. */
    id: string;
    query: URLSearchParams;
}

export type Section = "incidents" | "review" | "voices" | "compare" | "add" | "";

export interface Route {
    path: RegExp;
    load: () => Promise<{ default: ComponentType<ViewProps> }>;
    section: Section;
    /* Who may not is asked to sign in; "" is for everybody. */
    may: May | "";
    /* Without the frame around it: what is printed or embedded. */
    bare?: boolean;
}

const ROUTES: Route[] = [
    { path: /^(?:incidents)?$/, load: () => import("./views/incidents"), section: "incidents", may: "read" },
    { path: /^incidents\/([^/]+)$/, load: () => import("./views/incident"), section: "incidents", may: "read" },
    { path: /^documents\/([^/]+)$/, load: () => import("./views/document"), section: "incidents", may: "read" },
    { path: /^search$/, load: () => import("./views/search"), section: "incidents", may: "read" },
    { path: /^review$/, load: () => import("./views/review"), section: "review", may: "review" },
    { path: /^voices$/, load: () => import("./views/voices"), section: "voices", may: "read" },
    { path: /^voices\/([^/]+)$/, load: () => import("./views/voice"), section: "voices", may: "read" },
    { path: /^compare$/, load: () => import("./views/compare"), section: "compare", may: "read" },
    { path: /^add$/, load: () => import("./views/add"), section: "add", may: "add" },
    { path: /^jobs$/, load: () => import("./views/jobs"), section: "add", may: "add" },
    { path: /^account$/, load: () => import("./views/account"), section: "", may: "" },
    { path: /^admin$/, load: () => import("./views/admin"), section: "", may: "admin" },
    { path: /^login$/, load: () => import("./views/login"), section: "", may: "" },
    { path: /^setup$/, load: () => import("./views/setup"), section: "", may: "" },
    { path: /^report(?:\/incidents\/([^/]+))?$/, load: () => import("./views/report"), section: "", may: "read", bare: true },
    { path: /^embed\/incidents\/([^/]+)$/, load: () => import("./views/embed"), section: "", may: "read", bare: true },
];

export function routeOf(path: string): { route: Route; id: string } | null {
    for (const route of ROUTES) {
        const found = route.path.exec(path);
        if (found) {
            return { route, id: decoded(found[1] ?? "") };
        }
    }
    return null;
}
