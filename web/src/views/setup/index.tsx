import { useState } from "preact/hooks";
import { ApiError } from "../../api";
import { href } from "../../base";
import { Title } from "../../frame/Title";
import { rich, t } from "../../i18n";
import { go, place } from "../../router";
import { session, setUp } from "../../session";
import { Button, ButtonLink, Empty, errorWords, Field, Input } from "../../ui";
import { FormError, PASSWORD_LEAST, PasswordField, useSend, wrongWith } from "../access/forms";

export default function Setup() {
    // The secret stays in memory; the address bar, its history and what is shared of it are rid of it.
    const [token] = useState(() => {
        const found = place.peek().hash;
        if (found) {
            history.replaceState(history.state, "", href("setup"));
        }
        return found;
    });
    const [name, setName] = useState("");
    const [password, setPassword] = useState("");
    const { busy, error, send } = useSend();
    const submit = async (event: Event) => {
        event.preventDefault();
        if (await send(() => setUp(token, name, password))) {
            go("", {}, { quiet: true });
        }
    };
    if (session.value && !session.value.setup) {
        return <div class="page"><Title words={t("title_setup")} /><Empty icon="lock" title={t("setup_done")}><ButtonLink href={href("login")}>{t("sign_in")}</ButtonLink></Empty></div>;
    }
    if (!token) {
        return <div class="page"><Title words={t("title_setup")} /><Empty icon="key" title={t("setup_no_link")}><p>{rich("setup_no_link_hint", { command: <code>isnad serve</code> })}</p></Empty></div>;
    }
    return (
        <div class="page gate">
            <Title words={t("title_setup")} />
            <p class="quiet">{t("setup_hint")}</p>
            <form class="panel" onSubmit={(event) => void submit(event)}>
                <FormError error={error} fields={["name", "password"]} words={(wrong) => (wrong instanceof ApiError && wrong.status === 403 ? t("setup_spent") : errorWords(wrong))} />
                <Field label={t("user_name")} error={wrongWith(error, "name", 409, "user_taken")}>
                    <Input name="name" required autofocus autocomplete="username" autocapitalize="none" spellcheck={false} value={name} onInput={(event) => setName(event.currentTarget.value)} />
                </Field>
                <PasswordField fresh label={t("password")} hint={t("password_hint", { least: PASSWORD_LEAST })} error={wrongWith(error, "password", 400, "password_unfit", { least: PASSWORD_LEAST })} value={password} onValue={setPassword} />
                <Button kind="strong" type="submit" busy={busy}>{t("setup_make")}</Button>
            </form>
        </div>
    );
}
