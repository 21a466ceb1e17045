/* Puts a text where it can be pasted from; a browser that forbids it, or knows no clipboard, says so. */
import { t } from "../i18n";
import { toast } from "./Toast";

export async function copyText(text: string): Promise<void> {
    try {
        await navigator.clipboard.writeText(text);
        toast(t("copied"));
    } catch {
        toast(t("copy_failed"), { wrong: true });
    }
}
