/* For administrators: who may come in, what holds for all, and who did what. */
import { Fragment } from "preact";
import { useCallback, useState } from "preact/hooks";
import { ApiError, get, patch, post, remove } from "../../api";
import { Title } from "../../frame/Title";
import { ago, date, named, rich, t } from "../../i18n";
import { useResource } from "../../resource";
import { go } from "../../router";
import type { ViewProps } from "../../routes";
import { loadSession, session, user, type Role } from "../../session";
import { Button, Checkbox, Chip, Dialog, Empty, ErrorBox, errorWords, Field, Input, Loading, Menu, Select, Table, Tabs, toast, VirtualList, type Column } from "../../ui";
import { ACT_KINDS, actName, optionsOf } from "../../vocabulary";
import { Choices, FormError, PASSWORD_LEAST, PasswordField, useSend, wrongWith } from "../access/forms";
import { objectOf, type AuditEvent } from "./audit";

interface Account {
    id: string | number;
    name: string;
    role: Role;
    disabled: boolean;
    made: string;
    seen: string | null;
}

interface Settings {
    public: boolean;
    two_reviewers: string[];
    project: string;
}

const ROLES: Role[] = ["reader", "reviewer", "admin"];
const roleOptions = () => ROLES.map((value) => ({ value, label: t("role." + value) }));
/* 409 without a field: there would be no administrator left. */
const lastWords = (error: unknown): string => (error instanceof ApiError && error.status === 409 ? t("user_last") : errorWords(error));
const pathOf = (account: Account): string => `users/${encodeURIComponent(account.id)}`;

function NewAccount({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
    const [name, setName] = useState("");
    const [role, setRole] = useState<Role>("reviewer");
    const [password, setPassword] = useState("");
    const { busy, error, send } = useSend();
    const submit = async (event: Event) => {
        event.preventDefault();
        if (await send(() => post("users", { name, role, password }))) {
            onMade();
            onClose();
            toast(t("user_made", { name }));
        }
    };
    return (
        <Dialog title={t("user_new")} onClose={onClose} actions={<><Button onClick={onClose}>{t("cancel")}</Button><Button kind="strong" type="submit" form="new-user" busy={busy}>{t("user_make")}</Button></>}>
            <form id="new-user" class="form" onSubmit={(event) => void submit(event)}>
                <FormError error={error} fields={["name", "password"]} />
                <Field label={t("user_name")} error={wrongWith(error, "name", 409, "user_taken")}><Input required autofocus autocomplete="off" spellcheck={false} value={name} onInput={(event) => setName(event.currentTarget.value)} /></Field>
                <Field label={t("user_role")} hint={t("role_hint." + role)}><Select value={role} options={roleOptions()} onValue={(value) => setRole(value as Role)} /></Field>
                <PasswordField fresh label={t("password_first")} hint={t("password_hint", { least: PASSWORD_LEAST })} error={wrongWith(error, "password", 400, "password_unfit", { least: PASSWORD_LEAST })} value={password} onValue={setPassword} />
            </form>
        </Dialog>
    );
}

function NewPassword({ account, onClose }: { account: Account; onClose: () => void }) {
    const [password, setPassword] = useState("");
    const { busy, error, send } = useSend();
    const submit = async (event: Event) => {
        event.preventDefault();
        if (await send(() => patch(pathOf(account), { password }))) {
            onClose();
            toast(t("password_changed"));
        }
    };
    return (
        <Dialog title={t("user_password")} onClose={onClose} actions={<><Button onClick={onClose}>{t("cancel")}</Button><Button kind="strong" type="submit" form="user-password" busy={busy}>{t("password_change")}</Button></>}>
            <form id="user-password" class="form" onSubmit={(event) => void submit(event)}>
                <p>{rich("user_password_of", { name: account.name })}</p>
                <FormError error={error} fields={["password"]} />
                <PasswordField fresh label={t("password_new")} hint={t("password_hint", { least: PASSWORD_LEAST })} error={wrongWith(error, "password", 400, "password_unfit", { least: PASSWORD_LEAST })} value={password} onValue={setPassword} />
            </form>
        </Dialog>
    );
}

function Removal({ account, onClose, onGone }: { account: Account; onClose: () => void; onGone: () => void }) {
    const { busy, error, send } = useSend();
    const go = async () => {
        if (await send(() => remove(pathOf(account)))) {
            onGone();
            onClose();
            toast(t("user_gone", { name: account.name }));
        }
    };
    return (
        <Dialog title={t("user_remove")} onClose={onClose} actions={<><Button onClick={onClose}>{t("cancel")}</Button><Button kind="danger" busy={busy} onClick={() => void go()}>{t("user_remove")}</Button></>}>
            <FormError error={error} words={lastWords} />
            <p>{rich("user_remove_sure", { name: account.name })}</p>
        </Dialog>
    );
}

function Users() {
    const { data, error, reload } = useResource("users", (signal) => get<{ users: Account[] }>("users", {}, signal));
    const [asked, setAsked] = useState<{ what: "new" | "password" | "remove"; account?: Account } | null>(null);
    const change = async (account: Account, to: Partial<Account>) => {
        try {
            await patch(pathOf(account), to);
            toast(t("saved"));
        } catch (caught) {
            toast(lastWords(caught), { wrong: true });
        }
        reload();
    };
    const columns: Column<Account>[] = [
        {
            key: "name", title: t("user_name"),
            cell: (account) => <span class="user-name"><bdi>{account.name}</bdi>{account.id === user.value?.id && <Chip tone="accent">{t("user_you")}</Chip>}{account.disabled && <Chip tone="warn">{t("user_disabled")}</Chip>}</span>,
        },
        { key: "role", title: t("user_role"), cell: (account) => <Select aria-label={t("user_role_of", { name: account.name })} value={account.role} options={roleOptions()} onValue={(role) => void change(account, { role: role as Role })} /> },
        { key: "seen", title: t("user_seen"), cell: (account) => (account.seen ? ago(account.seen) : t("user_never")) },
        { key: "made", title: t("user_made_on"), cell: (account) => date(account.made.slice(0, 10)) },
        {
            key: "more", title: t("more"), hiddenTitle: true,
            cell: (account) => (
                <div class="row-actions">
                    <Menu label={t("user_more", { name: account.name })} icon="more" align="end" buttonClass="icon-button" sections={[{
                        items: [
                            { label: t("user_password"), icon: "key", run: () => setAsked({ what: "password", account }) },
                            { label: t(account.disabled ? "user_enable" : "user_disable"), icon: "lock", run: () => void change(account, { disabled: !account.disabled }) },
                            { label: t("user_remove"), icon: "trash", danger: true, run: () => setAsked({ what: "remove", account }) },
                        ],
                    }]} />
                </div>
            ),
        },
    ];
    const close = () => setAsked(null);
    return (
        <>
            <div class="panel-head"><div><p>{t("users_hint")}</p></div><Button icon="add" kind="strong" onClick={() => setAsked({ what: "new" })}>{t("user_new")}</Button></div>
            {error ? <ErrorBox error={error} again={reload} /> : data ? <Table caption={t("users")} columns={columns} rows={data.users} rowKey={(account) => account.id} /> : <Loading />}
            {asked?.what === "new" && <NewAccount onClose={close} onMade={reload} />}
            {asked?.what === "password" && <NewPassword account={asked.account!} onClose={close} />}
            {asked?.what === "remove" && <Removal account={asked.account!} onClose={close} onGone={reload} />}
        </>
    );
}

function SettingsForm({ begin }: { begin: Settings }) {
    const [settings, setSettings] = useState(begin);
    const [kept, setKept] = useState(begin);
    const { busy, error, send } = useSend();
    const submit = async (event: Event) => {
        event.preventDefault();
        const done = await send(async () => {
            // what is left as it was is not sent: another administrator may have changed it meanwhile
            const changed = Object.entries(settings).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(kept[name as keyof Settings]));
            await patch("settings", Object.fromEntries(changed));
            setKept(settings);
            await loadSession();
        });
        if (done) {
            toast(t("saved"));
        }
    };
    return (
        <form class="stack" onSubmit={(event) => void submit(event)}>
            <FormError error={error} fields={["project"]} />
            <div class="form"><Field label={t("settings_project")} hint={t("settings_project_hint")} error={wrongWith(error, "project")}><Input maxLength={64} value={settings.project} onInput={(event) => setSettings({ ...settings, project: event.currentTarget.value })} /></Field></div>
            <div>
                <Checkbox label={t("settings_public")} disabled={session.value?.accounts === false} checked={settings.public} onChecked={(on) => setSettings({ ...settings, public: on })} />
                <p class="hint">{t("settings_public_hint")}</p>
            </div>
            <div class="wide">
                <Choices columns legend={t("settings_two")} chosen={settings.two_reviewers} onChosen={(two_reviewers) => setSettings({ ...settings, two_reviewers })} options={optionsOf(ACT_KINDS, actName)} />
                <p class="hint">{t("settings_two_hint")}</p>
            </div>
            <Button kind="strong" type="submit" busy={busy} disabled={JSON.stringify(settings) === JSON.stringify(kept)}>{t("save")}</Button>
        </form>
    );
}

function SettingsTab() {
    const { data, error, reload } = useResource("settings", (signal) => get<Settings>("settings", {}, signal));
    return error ? <ErrorBox error={error} again={reload} /> : data ? <SettingsForm begin={{ public: data.public, two_reviewers: data.two_reviewers ?? [], project: data.project ?? "" }} /> : <Loading />;
}

function Audit() {
    const load = useCallback(async (after: string | null, signal: AbortSignal) => {
        const answer = await get<{ events: AuditEvent[]; next: string | null }>("audit", { after, limit: 100 }, signal);
        return { rows: answer.events, next: answer.next };
    }, []);
    const narrow = innerWidth <= 760;
    return (
        <>
            <div class="panel-head"><div><p>{t("audit_hint")}</p></div></div>
            <div class="audit">
                <VirtualList<AuditEvent> listKey="audit" load={load} rowHeight={narrow ? 58 : 36} label={t("audit")} empty={<Empty title={t("audit_none")} />}
                    row={(event) => (
                        <div class="audit-row">
                            <time dateTime={event.time} class="quiet">{date(event.time, false)}</time>
                            <bdi>{event.name ?? event.who ?? t("audit_nobody")}</bdi>
                            <span><span class={event.outcome === "refused" ? "refused" : undefined}>{named("audit", event.what)}{event.outcome === "refused" && ` (${t("audit_refused")})`}</span>{objectOf(event).map((part, i) => <Fragment key={i}>{i ? " · " : ": "}<bdi class="quiet">{part}</bdi></Fragment>)}</span>
                            <bdi class="quiet">{event.from ?? t("audit_terminal")}</bdi>
                        </div>
                    )} />
            </div>
        </>
    );
}

export default function Admin({ query }: ViewProps) {
    const tabs = [...(session.value?.accounts === false ? [] : [{ key: "users", label: t("users") }]), { key: "settings", label: t("settings_tab") }, { key: "audit", label: t("audit") }];
    const wanted = query.get("tab") ?? "";
    const current = tabs.some((tab) => tab.key === wanted) ? wanted : tabs[0]!.key;
    return (
        <div class="page">
            <div class="page-head"><Title words={t("title_admin")} /></div>
            <Tabs label={t("title_admin")} tabs={tabs} current={current} onTab={(tab) => go("admin", { tab }, { quiet: true })}>
                {current === "users" ? <Users /> : current === "settings" ? <SettingsTab /> : <Audit />}
            </Tabs>
        </div>
    );
}
