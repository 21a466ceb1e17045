/* All imports of this server, those under way first. */
import { href } from "../../base";
import { Title } from "../../frame/Title";
import { t } from "../../i18n";
import type { ViewProps } from "../../routes";
import { ButtonLink, Empty, ErrorBox, Loading } from "../../ui";
import { JobCard } from "./JobCard";
import { useJobs } from "./jobs";

export default function View(_: ViewProps) {
    const { all, error, loading, reload } = useJobs();
    return (
        <div class="page narrow">
            <header class="page-head"><Title words={t("title_jobs")} /><ButtonLink href={href("add")} icon="add">{t("nav_add")}</ButtonLink></header>
            {error && !all.length ? <ErrorBox error={error} again={reload} />
                : loading && !all.length ? <Loading />
                : !all.length ? <Empty title={t("jobs_none")} icon="upload"><p>{t("jobs_none_hint")}</p></Empty>
                : <div class="jobs">{all.map((job) => <JobCard key={job.id} job={job} onChange={reload} />)}</div>}
        </div>
    );
}
