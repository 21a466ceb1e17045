/* Buttons, fields and small signs. */
import { cloneElement, type ComponentChildren, type JSX, type VNode } from "preact";
import { useId } from "preact/hooks";
import { t } from "../i18n";
import { Icon, type IconName } from "./Icon";

type ButtonProps = Omit<JSX.IntrinsicElements["button"], "icon" | "size"> & {
    kind?: "plain" | "strong" | "quiet" | "danger";
    icon?: IconName | undefined;
    busy?: boolean;
    small?: boolean;
};

export function Button({ kind = "plain", icon, busy, small, children, class: own, disabled, ...rest }: ButtonProps) {
    const name = ["button", kind, small && "small", own].filter(Boolean).join(" ");
    return (
        <button type="button" {...rest} class={name} disabled={disabled || busy} aria-busy={busy || undefined}>
            {icon && <Icon name={icon} size={16} />}
            {children}
        </button>
    );
}

/* A link that looks like a button. */
export function ButtonLink({ kind = "plain", icon, children, ...rest }: JSX.IntrinsicElements["a"] & { kind?: string; icon?: IconName }) {
    return <a {...rest} class={`button ${kind}`}>{icon && <Icon name={icon} size={16} />}{children}</a>;
}

/* A button that shows a sign alone: its label is its name and its tooltip. */
export function IconButton({ icon, label, pressed, class: own, ...rest }: Omit<JSX.IntrinsicElements["button"], "icon" | "label"> & { icon: IconName; label: string; pressed?: boolean }) {
    return (
        <button type="button" {...rest} class={["icon-button", own].filter(Boolean).join(" ")} aria-label={label} title={label} aria-pressed={pressed}>
            <Icon name={icon} />
        </button>
    );
}

/* A label, its control, and what is wrong with it or to be known of it. The control gets the ids. */
export function Field({ label, hint, error, hidden, children }: { label: string; hint?: ComponentChildren; error?: string | undefined; hidden?: boolean; children: VNode<any> }) {
    const id = useId();
    const told = [hint && id + "-hint", error && id + "-error"].filter(Boolean).join(" ");
    return (
        <div class={error ? "field wrong" : "field"}>
            <label for={id} class={hidden ? "unseen" : undefined}>{label}</label>
            {cloneElement(children, { id, "aria-describedby": told || undefined, "aria-invalid": error ? true : undefined })}
            {hint && <p class="hint" id={id + "-hint"}>{hint}</p>}
            {error && <p class="wrong-words" id={id + "-error"} role="alert">{error}</p>}
        </div>
    );
}

export const Input = ({ class: own, ...rest }: JSX.IntrinsicElements["input"]) => <input dir="auto" {...rest} class={["input", own].filter(Boolean).join(" ")} />;
export const TextArea = ({ class: own, ...rest }: JSX.IntrinsicElements["textarea"]) => <textarea dir="auto" {...rest} class={["input", own].filter(Boolean).join(" ")} />;

interface Option {
    value: string;
    label: string;
}

export function Select({ options, value, onValue, class: own, ...rest }: Omit<JSX.IntrinsicElements["select"], "value"> & { options: readonly Option[]; value: string; onValue: (value: string) => void }) {
    return (
        <select {...(rest as object)} class={["input select", own].filter(Boolean).join(" ")} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
            {options.map((option) => <option key={option.value} value={option.value} selected={option.value === value}>{option.label}</option>)}
        </select>
    );
}

export function Checkbox({ label, checked, onChecked, ...rest }: Omit<JSX.IntrinsicElements["input"], "checked" | "label"> & { label: ComponentChildren; checked: boolean; onChecked: (checked: boolean) => void }) {
    return (
        <label class="checkbox">
            <input type="checkbox" {...(rest as object)} checked={checked} onChange={(event) => onChecked(event.currentTarget.checked)} />
            <span>{label}</span>
        </label>
    );
}

/* A small labelled thing: a filter that is on (with `onRemove`), a state (with `tone`). */
export function Chip({ children, tone, icon, onRemove, removeLabel }: { children: ComponentChildren; tone?: string | undefined; icon?: IconName; onRemove?: () => void; removeLabel?: string }) {
    return (
        <span class={tone ? `chip tone-${tone}` : "chip"}>
            {icon && <Icon name={icon} size={14} />}
            <span class="chip-words">{children}</span>
            {onRemove && <button type="button" class="chip-remove" aria-label={removeLabel ?? t("remove")} onClick={onRemove}><Icon name="close" size={14} /></button>}
        </span>
    );
}

export const Kbd = ({ keys }: { keys: string }) => (
    <span class="keys" dir="ltr">{keys.split(" ").map((key, i) => <kbd key={i}>{KEY_NAMES[key] ?? key}</kbd>)}</span>
);
const mac = /Mac|iP/.test(navigator.platform);
const KEY_NAMES: Record<string, string> = { "mod+k": mac ? "⌘K" : "Ctrl K", "mod+z": mac ? "⌘Z" : "Ctrl Z", "mod+enter": mac ? "⌘↵" : "Ctrl ↵", escape: "Esc", enter: "↵", arrowdown: "↓", arrowup: "↑" };
