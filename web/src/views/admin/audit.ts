/* What an entry of the log was about, in words: the server writes acts, settings and addresses as they are called there. */
import { has, listedText, named, t } from "../../i18n";
import { shown } from "../../text";
import { actName } from "../../vocabulary";

export interface AuditEvent {
    id: number;
    time: string;
    who: string | null;
    name: string | null;
    from: string | null;
    what: string;
    of: string | null;
    outcome: string;
}

/* "Rima (reviewer)", "t-12 (read export)": words of a vocabulary in brackets at the end. */
function inBrackets(of: string, word: (code: string) => string): string[] {
    const found = /^(.*) \(([^()]*)\)$/s.exec(of);
    return found ? [found[1]!, listedText(found[2]!.split(" ").filter(Boolean).map(word))] : [of];
}

function setting(of: string): string[] {
    const [, name, value] = /^(\w+): (.*)$/s.exec(of) ?? [];
    switch (name) {
        case "public": return [t(value === "1" ? "audit_public" : "audit_closed")];
        case "two_reviewers": return [value ? t("audit_two", { acts: listedText(value.split(" ").map(actName)) }) : t("audit_not_two")];
        case "project": return [t("settings_project"), value ?? ""];
        default: return [of];
    }
}

/* "accept c-…", "export what=claims format=csv", "proposals/{id}/confirm (7)". */
function request(of: string): string[] {
    const [, path, rest] = /^(\S+)(?: (.*))?$/s.exec(of) ?? [];
    if (!path) {
        return [of];
    }
    const words = has("act." + path) ? actName(path) : named("request", path);
    const fields = (rest ?? "").split(/ (?=[a-z_]+=)/).map((part) => {
        const [, name, value] = /^([a-z_]+)=(.*)$/s.exec(part) ?? [];
        return name ? `${named("filter_field", name)}: ${value}` : part;
    });
    return [words, ...fields].filter(Boolean);
}

export function objectOf({ what, of }: AuditEvent): string[] {
    const parts = !of ? []
        : what === "setting" ? setting(of)
        : what === "account added" || what === "role given" ? inBrackets(of, (role) => named("role", role))
        : what === "token made" ? inBrackets(of, (scope) => named("scope_short", scope))
        : ["act", "adding", "export", "administration"].includes(what) ? request(of) : [of];
    return parts.map(shown);
}
