/* What the forms of access share. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ApiError } from "../../api";
import { t, type Values } from "../../i18n";
import { Button, copyText, Field, Icon, Input, errorWords } from "../../ui";

/* src/serve/access_words.c decides; this tells. */
export const PASSWORD_LEAST = 12;

/* Sends a form: whether it is under way, and what came back wrong. */
export function useSend(): { busy: boolean; error: unknown; send: (work: () => Promise<unknown>) => Promise<boolean>; clear: () => void } {
    const [busy, setBusy] = useState(false);
    const [error, setError] = useState<unknown>(null);
    const send = async (work: () => Promise<unknown>): Promise<boolean> => {
        setBusy(true);
        setError(null);
        try {
            await work();
            return true;
        } catch (caught) {
            setError(caught);
            return false;
        } finally {
            setBusy(false);
        }
    };
    return { busy, error, send, clear: () => setError(null) };
}

/* What is wrong with a field, where the server named it: in our words for the status that has them, else in its own. */
export function wrongWith(error: unknown, field: string, status = 0, key = "", values: Values = {}): string | undefined {
    if (!(error instanceof ApiError) || error.field !== field) {
        return undefined;
    }
    return error.status === status && key ? t(key, values) : error.message;
}

/* What is wrong with the whole: what no field of the form says. */
export function FormError({ error, fields = [], words }: { error: unknown; fields?: string[]; words?: (error: unknown) => string }) {
    if (!error || (error instanceof ApiError && fields.includes(error.field))) {
        return null;
    }
    return <p class="form-error" role="alert"><Icon name="warning" size={16} /><bdi>{(words ?? errorWords)(error)}</bdi></p>;
}

export function PasswordField({ label, value, onValue, fresh, hint, error }: { label: string; value: string; onValue: (value: string) => void; fresh?: boolean; hint?: string; error?: string | undefined }) {
    return (
        <Field label={label} error={error} hint={hint}>
            <Input type="password" required dir="ltr" autocomplete={fresh ? "new-password" : "current-password"} value={value} onInput={(event) => onValue(event.currentTarget.value)} />
        </Field>
    );
}

/* A secret that is told once. */
export function Secret({ value }: { value: string }) {
    return <div class="secret"><code>{value}</code><Button icon="copy" small onClick={() => void copyText(value)}>{t("copy")}</Button></div>;
}

export function Choices({ legend, options, chosen, onChosen, columns }: { legend: string; options: readonly { value: string; label: ComponentChildren }[]; chosen: readonly string[]; onChosen: (chosen: string[]) => void; columns?: boolean }) {
    const turn = (value: string, on: boolean) => onChosen(on ? [...chosen, value] : chosen.filter((one) => one !== value));
    return (
        <fieldset class={columns ? "choices columns" : "choices"}>
            <legend>{legend}</legend>
            {options.map((option) => (
                <label key={option.value} class="checkbox">
                    <input type="checkbox" checked={chosen.includes(option.value)} onChange={(event) => turn(option.value, event.currentTarget.checked)} />
                    <span>{option.label}</span>
                </label>
            ))}
        </fieldset>
    );
}
