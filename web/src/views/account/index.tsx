/* One's own account: who one is, the password, tokens for programs. */
import { useState } from "preact/hooks";
import { get, post, remove } from "../../api";
import { href } from "../../base";
import { Title } from "../../frame/Title";
import { ago, date, listedText, rich, t } from "../../i18n";
import { useResource } from "../../resource";
import { changePassword, may, session, user, type May } from "../../session";
import { Button, ButtonLink, Dialog, Empty, ErrorBox, Field, IconButton, Input, Loading, Select, Table, toast, type Column } from "../../ui";
import { optionsOf } from "../../vocabulary";
import { Choices, FormError, PASSWORD_LEAST, PasswordField, Secret, useSend, wrongWith } from "../access/forms";

interface Token {
    id: string | number;
    label: string;
    scopes: May[];
    made: string;
    expires: string | null;
    used: string | null;
}

const TOKEN_SCOPES: May[] = ["read", "review", "add", "export", "admin"];
const DAYS = [7, 30, 90, 365, 0];

function Password() {
    const [old, setOld] = useState("");
    const [fresh, setFresh] = useState("");
    const { busy, error, send } = useSend();
    const submit = async (event: Event) => {
        event.preventDefault();
        const done = await send(() => changePassword(old, fresh));
        if (done) {
            setOld("");
            setFresh("");
            toast(t("password_changed"));
        }
    };
    return (
        <section class="panel">
            <div class="panel-head"><div><h2>{t("password")}</h2><p>{t("password_change_hint")}</p></div></div>
            <form class="form" onSubmit={(event) => void submit(event)}>
                <FormError error={error} fields={["old", "new"]} />
                <input type="text" class="unseen" tabIndex={-1} aria-hidden="true" autocomplete="username" readOnly value={user.value?.name ?? ""} />
                <PasswordField label={t("password_old")} value={old} onValue={setOld} error={wrongWith(error, "old", 403, "password_old_wrong")} />
                <PasswordField fresh label={t("password_new")} hint={t("password_hint", { least: PASSWORD_LEAST })} value={fresh} onValue={setFresh} error={wrongWith(error, "new", 400, "password_unfit", { least: PASSWORD_LEAST })} />
                <Button kind="strong" type="submit" busy={busy}>{t("password_change")}</Button>
            </form>
        </section>
    );
}

function NewToken({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
    const [label, setLabel] = useState("");
    const [scopes, setScopes] = useState<string[]>(["read"]);
    const [days, setDays] = useState(90);
    const [secret, setSecret] = useState("");
    const { busy, error, send } = useSend();
    const submit = async (event: Event) => {
        event.preventDefault();
        await send(async () => {
            const answer = await post<{ token: string }>("tokens", { label, scopes, days });
            setSecret(answer.token);
            onMade();
        });
    };
    if (secret) {
        return (
            <Dialog title={t("token_made")} onClose={onClose} actions={<Button kind="strong" onClick={onClose}>{t("token_kept")}</Button>}>
                <p>{t("token_once")}</p>
                <Secret value={secret} />
                <p class="quiet small-words">{t("token_use")} <code dir="ltr">Authorization: Bearer …</code></p>
            </Dialog>
        );
    }
    return (
        <Dialog title={t("token_new")} onClose={onClose} actions={
            <><Button onClick={onClose}>{t("cancel")}</Button><Button kind="strong" type="submit" form="new-token" busy={busy} disabled={!scopes.length}>{t("token_make")}</Button></>
        }>
            <form id="new-token" class="form" onSubmit={(event) => void submit(event)}>
                <FormError error={error} fields={["label"]} />
                <Field label={t("token_label")} hint={t("token_label_hint")} error={wrongWith(error, "label")}>
                    <Input required autofocus maxLength={100} value={label} onInput={(event) => setLabel(event.currentTarget.value)} />
                </Field>
                <Choices legend={t("token_scopes")} chosen={scopes} onChosen={setScopes} options={optionsOf(TOKEN_SCOPES.filter(may), (value) => t("token_scope." + value))} />
                <Field label={t("token_expires")}>
                    <Select value={String(days)} onValue={(value) => setDays(+value)} options={DAYS.map((n) => ({ value: String(n), label: n ? t("token_days", { count: n }) : t("token_for_ever") }))} />
                </Field>
            </form>
        </Dialog>
    );
}

function Tokens() {
    const { data, error, reload } = useResource("tokens", (signal) => get<{ tokens: Token[] }>("tokens", {}, signal));
    const [making, setMaking] = useState(false);
    const [taking, setTaking] = useState<Token | null>(null);
    const { busy, error: removing, send, clear } = useSend();
    const take = async (token: Token) => {
        if (await send(() => remove(`tokens/${encodeURIComponent(token.id)}`))) {
            setTaking(null);
            reload();
            toast(t("token_gone"));
        }
    };
    const columns: Column<Token>[] = [
        { key: "label", title: t("token_label"), cell: (token) => <bdi>{token.label}</bdi> },
        { key: "scopes", title: t("token_scopes"), cell: (token) => listedText(token.scopes.map((scope) => t("scope_short." + scope))) },
        { key: "expires", title: t("token_expires_short"), cell: (token) => (token.expires ? date(token.expires.slice(0, 10)) : t("token_never")) },
        { key: "used", title: t("token_used"), cell: (token) => (token.used ? ago(token.used) : t("token_unused")) },
        { key: "take", title: t("token_take"), hiddenTitle: true, cell: (token) => <div class="row-actions"><IconButton icon="trash" label={t("token_take_one", { label: token.label })} onClick={() => (clear(), setTaking(token))} /></div> },
    ];
    return (
        <section class="panel">
            <div class="panel-head">
                <div><h2>{t("tokens")}</h2><p>{t("tokens_hint")}</p></div>
                <Button icon="add" onClick={() => setMaking(true)}>{t("token_new")}</Button>
            </div>
            {error ? <ErrorBox error={error} again={reload} /> : !data ? <Loading /> : data.tokens.length ? <Table caption={t("tokens")} columns={columns} rows={data.tokens} rowKey={(token) => token.id} /> : <p class="quiet">{t("tokens_none")}</p>}
            {making && <NewToken onClose={() => setMaking(false)} onMade={reload} />}
            {taking && (
                <Dialog title={t("token_take")} onClose={() => setTaking(null)} actions={<><Button onClick={() => setTaking(null)}>{t("cancel")}</Button><Button kind="danger" busy={busy} onClick={() => void take(taking)}>{t("token_take")}</Button></>}>
                    <FormError error={removing} />
                    <p>{rich("token_take_sure", { label: taking.label })}</p>
                </Dialog>
            )}
        </section>
    );
}

export default function Account() {
    if (!user.value) {
        return <div class="page"><Title words={t("title_account")} /><Empty icon="user" title={t(session.value?.accounts === false ? "account_alone" : "error_signed_out")}>{session.value?.accounts !== false && <ButtonLink href={href("login", { to: "account" })}>{t("sign_in")}</ButtonLink>}</Empty></div>;
    }
    return (
        <div class="page narrow">
            <div class="page-head"><Title words={t("title_account")} /><span class="quiet"><bdi>{user.value.name}</bdi> · {t("role." + user.value.role)}</span></div>
            <Password />
            <Tokens />
        </div>
    );
}
