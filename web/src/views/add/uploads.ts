/* Files on their way to the server: each is sent once, in order, and known by the server's name for it from then on. */
import { upload } from "../../api";

export interface Sent {
    file: File;
    /* The share that is sent, 0 to 1. */
    share: number;
    /* The server's name for it, once it is there. */
    upload: string | null;
}

export const chosen = (files: Iterable<File>): Sent[] => [...files].map((file) => ({ file, share: 0, upload: null }));

/* Sends what is not there yet; tells each step; gives the server's names. */
export async function sendFiles(files: readonly Sent[], tell: (files: Sent[]) => void, signal: AbortSignal): Promise<string[]> {
    let all = [...files];
    const put = (i: number, part: Partial<Sent>) => {
        all = all.map((one, n) => (n === i ? { ...one, ...part } : one));
        tell(all);
    };
    for (let i = 0; i < all.length; i++) {
        if (!all[i]!.upload) {
            const { file } = all[i]!;
            const answer = await upload<{ upload: string }>("uploads", file, { name: file.webkitRelativePath || file.name }, (share) => put(i, { share }), signal);
            put(i, { share: 1, upload: answer.upload });
        }
    }
    return all.map((one) => one.upload!);
}
