import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../api";
import { base, href } from "../../base";
import { Title } from "../../frame/Title";
import { t } from "../../i18n";
import { goTo } from "../../router";
import type { ViewProps } from "../../routes";
import { session, signIn } from "../../session";
import { Button, ButtonLink, Field, Input, errorWords } from "../../ui";
import { FormError, PasswordField, useSend } from "../access/forms";

/* Where one came from: a page of this workspace, whatever the address bar was made to say. */
function returnTo(query: URLSearchParams): string {
    const wanted = new URL(href((query.get("to") ?? "").replace(/^[/\\]+/, "")), location.origin);
    const ours = wanted.origin === location.origin && wanted.pathname.startsWith(base);
    return ours && !/^(?:login|setup)\b/.test(wanted.pathname.slice(base.length)) ? wanted.pathname + wanted.search : href("");
}

/* Seconds until one may try again, counted down. */
function useWait(error: unknown): number {
    const [left, setLeft] = useState(0);
    useEffect(() => {
        if (!(error instanceof ApiError) || error.status !== 429) {
            setLeft(0);
            return;
        }
        const until = Date.now() + Math.max(1, error.retryAfter) * 1000;
        const tick = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
        tick();
        const timer = setInterval(tick, 500);
        return () => clearInterval(timer);
    }, [error]);
    return left;
}

export default function Login({ query }: ViewProps) {
    const [name, setName] = useState("");
    const [password, setPassword] = useState("");
    const { busy, error, send } = useSend();
    const wait = useWait(error);
    const here = session.value;
    const back = returnTo(query);
    useEffect(() => {
        if (here?.user || here?.accounts === false) {
            goTo(back, { quiet: true });
        }
    }, [here?.user, here?.accounts]);
    const submit = (event: Event) => {
        event.preventDefault();
        void send(() => signIn(name, password));
    };
    const words = (wrong: unknown) =>
        wrong instanceof ApiError && wrong.status === 401 ? t("login_wrong")
            : wrong instanceof ApiError && wrong.status === 429 && wait > 0 ? t("error_too_often", { count: wait }) : errorWords(wrong);
    const shownError = error instanceof ApiError && error.status === 429 && wait === 0 ? null : error;
    return (
        <div class="page gate">
            <Title words={t("title_login")} />
            {here?.setup && <p class="gate-note">{t("login_no_account")}</p>}
            <form class="panel" onSubmit={submit}>
                <FormError error={shownError} words={words} />
                <Field label={t("user_name")}>
                    <Input name="name" required autofocus autocomplete="username" autocapitalize="none" spellcheck={false} value={name} onInput={(event) => setName(event.currentTarget.value)} />
                </Field>
                <PasswordField label={t("password")} value={password} onValue={setPassword} />
                <Button kind="strong" type="submit" busy={busy} disabled={wait > 0}>{t("sign_in")}</Button>
            </form>
            {here?.public && <p class="gate-note"><ButtonLink kind="quiet" href={href("")}>{t("login_read_only")}</ButtonLink></p>}
        </div>
    );
}
