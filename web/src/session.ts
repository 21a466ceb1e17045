/* Who is here, and what they may do. */
import { computed, signal } from "@preact/signals";
import { get, onSignedOut, post, remove, setCsrf } from "./api";

export type Role = "reader" | "reviewer" | "admin";
export type May = "read" | "review" | "add" | "export" | "admin";

interface Session {
    user: { id: number | string; name: string; role: Role } | null;
    csrf: string;
    public: boolean;
    /* False: everybody who gets here is the one person at this machine. */
    accounts: boolean;
    /* There is no account yet. */
    setup: boolean;
    ledger: { name: string; incidents: number; claims: number } | null;
    version: string;
    two_reviewers: string[];
    may: May[];
}

/* Null until the server has answered. */
export const session = signal<Session | null>(null);
export const user = computed(() => session.value?.user ?? null);
export const may = (what: May): boolean => session.value?.may.includes(what) ?? false;

function take(answer: Session): Session {
    setCsrf(answer.csrf);
    session.value = answer;
    return answer;
}

export const loadSession = async (): Promise<Session> => take(await get("session"));

export const signIn = async (name: string, password: string): Promise<Session> => take(await post("session", { name, password }));

export const setUp = async (token: string, name: string, password: string): Promise<Session> => take(await post("setup", { token, name, password }));

/* All other sessions end; this one goes on as a new one. */
export const changePassword = async (old: string, fresh: string): Promise<Session> => take(await post("session/password", { old, new: fresh }));

export async function signOut(): Promise<void> {
    await remove("session");
    await loadSession();
}

/* An answer said 401: ask who is here, once however many answers said so. */
let asking: Promise<unknown> | null = null;
onSignedOut(() => {
    asking ??= loadSession().catch(() => undefined).finally(() => (asking = null));
});
