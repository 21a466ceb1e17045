/* What stands where there is nothing yet, nothing at all, or something went wrong. */
import type { ComponentChildren } from "preact";
import { ApiError } from "../api";
import { href } from "../base";
import { t } from "../i18n";
import { Button, ButtonLink } from "./basics";
import { Icon, type IconName } from "./Icon";

export const Spinner = ({ label }: { label?: string }) => <span class="spinner" role="status" aria-label={label ?? t("loading")} />;

export function Loading({ label }: { label?: string }) {
    return <div class="state" role="status"><span class="spinner" aria-hidden="true" /><span>{label ?? t("loading")}</span></div>;
}

export function Empty({ title, icon, children }: { title: string; icon?: IconName; children?: ComponentChildren }) {
    return <div class="state">{icon && <Icon name={icon} size={28} />}<p class="state-title">{title}</p>{children}</div>;
}

/* Why something did not work, in the reader's words. */
export function errorWords(error: unknown): string {
    if (!(error instanceof ApiError)) {
        return t("error_unknown");
    }
    switch (error.status) {
        case 0: return t("error_offline");
        case 401: return t("error_signed_out");
        case 403: return t("error_forbidden");
        case 404: return t("error_not_found");
        case 429: return t("error_too_often", { count: Math.max(1, error.retryAfter) });
        default: return error.message || t("error_unknown");
    }
}

export function ErrorBox({ error, again }: { error: unknown; again?: () => void }) {
    const missing = error instanceof ApiError && error.status === 404;
    return (
        <div class="state" role="alert">
            <Icon name="warning" size={28} />
            <p class="state-title">{t(missing ? "not_found_title" : "error_title")}</p>
            <p><bdi>{errorWords(error)}</bdi></p>
            {missing ? <ButtonLink href={href("")}>{t("nav_incidents")}</ButtonLink> : again && <Button onClick={again}>{t("error_again")}</Button>}
        </div>
    );
}
