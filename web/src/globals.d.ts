/* What build.mjs puts in. */
type Messages = Record<string, string | Partial<Record<Intl.LDMLPluralRule, string>>>;
declare module "messages:en" {
    const words: Messages;
    export default words;
}
declare module "messages:ar" {
    const words: Messages;
    export default words;
}
/* The files of MapLibre that are not imported: below assets/. */
declare const MAPLIBRE_WORKER: string;
declare const MAPLIBRE_CSS: string;
