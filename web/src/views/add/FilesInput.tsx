/* Where files are dropped or chosen, and the list of those that were. */
import { useId, useState } from "preact/hooks";
import { bytes, t } from "../../i18n";
import { shown } from "../../text";
import { Icon, IconButton } from "../../ui";
import { chosen, type Sent } from "./uploads";

const MOST_SHOWN = 50;

export function FilesInput({ files, onFiles, busy }: { files: Sent[]; onFiles: (files: Sent[]) => void; busy: boolean }) {
    const id = useId();
    const [over, setOver] = useState(false);
    const take = (list: FileList | null | undefined) => list?.length && onFiles([...files, ...chosen(list)]);
    const drag = (on: boolean) => (event: DragEvent) => {
        event.preventDefault();
        setOver(on);
    };
    return (
        <div class="files">
            <div class={over ? "drop is-over" : "drop"} onDragEnter={drag(true)} onDragOver={drag(true)} onDragLeave={drag(false)}
                onDrop={(event) => (drag(false)(event), take(event.dataTransfer?.files))}>
                <Icon name="upload" size={26} />
                <p>{t("add_drop")}</p>
                <input id={id} class="unseen" type="file" multiple disabled={busy} aria-describedby={id + "-hint"}
                    onChange={(event) => (take(event.currentTarget.files), (event.currentTarget.value = ""))} />
                <label for={id} class="button">{t("add_choose")}</label>
                <p class="hint" id={id + "-hint"}>{t("add_drop_hint")}</p>
            </div>
            {files.length > 0 && (
                <ul class="file-list" aria-label={t("add_chosen")}>
                    {files.slice(0, MOST_SHOWN).map(({ file, share, upload }, i) => (
                        <li key={file.name + i}>
                            <Icon name={upload ? "check" : "document"} size={16} />
                            <bdi class="file-name">{shown(file.webkitRelativePath || file.name)}</bdi>
                            {share > 0 && !upload ? <progress max={1} value={share} aria-label={t("add_sending", { name: shown(file.name) })} /> : <span class="quiet numeric">{bytes(file.size)}</span>}
                            <IconButton icon="close" label={t("add_leave_out", { name: shown(file.name) })} disabled={busy} onClick={() => onFiles(files.filter((_, n) => n !== i))} />
                        </li>
                    ))}
                    {files.length > MOST_SHOWN && <li class="quiet">{t("add_more_files", { count: files.length - MOST_SHOWN })}</li>}
                </ul>
            )}
        </div>
    );
}
