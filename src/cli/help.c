#include <string.h>

#include "cli/cli.h"

/* clang-format off */
const command commands[] = {
    {"read", FOR_READ, command_read, "[FILE|FOLDER|URL]...",
     "who said how many were harmed, in each document", "table jsonl",
     "Reads documents (HTML, plain text, JSON lines, feeds; WARC, WACZ, ZIP, MHTML; standard input where none is named)\n"
     "and prints for each what it says: every figure with the people it is about, the voice that vouches for it, its\n"
     "place and date, and the sentence it stands in. On a terminal a table, in a pipe one JSON object a line (isnad schema reading).\n"
     "\n"
     "  isnad read page.html                          one saved page\n"
     "  isnad read --published 2021-01-14 text.txt    a text that does not tell its date\n"
     "  isnad read --from warc crawl.warc.gz | jq -c '.claims[]'\n"
     "  isnad read --explain page.html                with the rules that made each claim\n"},
    {"page", FOR_PAGE, command_page, "[learn|compare|copies] [FILE|FOLDER|URL]...",
     "the article in each page: title, outlet, date, paragraphs", "table jsonl markdown text",
     "Takes the article out of each page, without its navigation, comments and cookie walls. On a terminal a table, in\n"
     "a pipe one JSON object a line (isnad schema page); --format markdown gives the article with its facts before it,\n"
     "--format text the paragraphs alone. --explain tells each block of a page, and which rule, with which word of which\n"
     "table, kept it or left it out.\n"
     "\n"
     "  isnad page page.html\n"
     "  isnad page --format markdown saved-pages/ > articles.md\n"
     "  isnad page --format text --explain page.html\n"
     "\n"
     "learn: what the pages of a site share (a paragraph on 6 of its pages and a fifth of them), as a profile; with\n"
     "--profile it is left out of articles, and engine.profile names it. The same pages give the same profile, in any order.\n"
     "compare: which sentences of two documents are the same, changed, added, dropped or moved (isnad schema compare).\n"
     "copies: groups of near-copies among many documents, the earliest first (isnad schema copies).\n"
     "A file of such a name is ./learn.\n"
     "\n"
     "  isnad page learn -o site.profile crawl.warc.gz\n"
     "  isnad read --profile site.profile crawl.warc.gz\n"
     "  isnad page compare first.html later.html\n"
     "  isnad page copies saved-pages/\n"},
    {"add", FOR_ADD, command_add, "[FILE|FOLDER|URL]...",
     "read documents into the ledger", "table jsonl",
     "Reads documents into the ledger, which is made where there is none: their bytes, their readings, and the\n"
     "incidents that they tell of. What is there already is not added again; a text that\n"
     "was added without a date takes the one that --published gives later. Commits at least every second: an\n"
     "interrupt, a crash or a full disk loses nothing that was committed, and to begin again passes over what is there.\n"
     "Captures of WARC files from 256 MB on stay in them (--reference: of all; --copy: of none): the ledger keeps where\n"
     "each stands and its hash, and these files must be kept.\n"
     "\n"
     "  isnad add saved-pages/\n"
     "  isnad add --reference crawl-2026-01.warc.gz\n"
     "  isnad add --ledger raqqa.db https://example.org/news/1\n"},
    {"import", FOR_IMPORT, command_import, "TABLE.csv...",
     "a recorder's table into the ledger", "table jsonl",
     "Adds the rows of CSV tables, each as a document of the recorder who keeps the table, so that reports link with what\n"
     "a team has already. The mapping says which column holds what, a line a field: field, column (or =text for every\n"
     "row), and where needed a conversion, with tabs between. Fields: recorder, recorder_kind, language, id, date,\n"
     "date_end, event, place, region, country, lat, lon, radius_km, actor, class, notes, url, urls, published, and figures\n"
     "(killed, injured_min, killed_civilian_child, ...). A row that was imported before is left as it is, one whose cells\n"
     "changed becomes a new version. A row with a mistake is told and left out; the run then ends with 3.\n"
     "\n"
     "  isnad import --map examples/import/record.map.tsv examples/import/record.csv\n"
     "  isnad import --map map.tsv --urls pages.txt table.csv\n"},
    {"intake", FOR_INTAKE, command_intake, "ls [FILE|FOLDER|URL]...",
     "what is in files, whether or not it is read", "table jsonl",
     "ls: lists what is inside, one line each: records of WARC and ARC files (also WACZ, .warc.gz, .warc.zst,\n"
     ".warc.lz4), entries of ZIPs, files of folders, saved pages (HTML, MHTML), lines of JSON, items of feeds, addresses of\n"
     "sitemaps: where it stands, its type, address, time, media type and size, and whether it is read, else why not. On a\n"
     "terminal a table, in a pipe one JSON object a line (isnad schema intake). Ends as reading the same files would: with\n"
     "0, with 3 where something is damaged and was passed over, with 5 where a file cannot be read.\n"
     "\n"
     "  isnad intake ls crawl.warc.gz\n"
     "  isnad intake ls saved.wacz | jq -r 'select(.read) | .url'\n"
     "  isnad intake ls old-disk/ | jq -r 'select(.read | not) | [.file, .why] | @tsv'\n",
     "ls"},
    {"incidents", FOR_INCIDENTS, command_incidents, "[QUERY...]",
     "the incidents in the ledger, one a line", "table jsonl",
     "Lists incidents: when, where, what, how many killed and injured as the range of what was told (\"1–17+\": the\n"
     "lowest and the highest figure, open upwards), by how many independent voices, and whether the accounts part (≠).\n"
     "\n"
     "A query is made of words and of conditions, which isnad help search tells.\n"
     "\n"
     "  isnad incidents --since 2021-01-01 --country SY --disputed\n"
     "  isnad incidents market 'killed>=10' near:Aleppo,20 kind:monitor\n"
     "  isnad incidents --order figure --limit 10\n"},
    {"show", FOR_SHOW, command_show, "ID...",
     "all that is known of an incident, by figure and voice", "table jsonl",
     "Shows an incident: every figure told, the voices behind it, each with the sentence it stands in, who denies,\n"
     "where the accounts part, who changed a figure and when, and from which paper each paper has it. The beginning\n"
     "of an id is enough. Which voices are independent: docs/voices.md.\n"
     "\n"
     "  isnad show i-7c0f\n"
     "  isnad show --format jsonl i-7c0f | jq .figures\n"
     "  isnad show --why i-7c0f                       what made one incident of its accounts, pair by pair\n"
     "  isnad show --rule acled i-7c0f                by another rule of estimates (isnad help estimates)\n"},
    {"search", FOR_SEARCH, command_search, "QUERY...",
     "documents that hold these words", "table jsonl",
     "Searches the documents of the ledger: a word finds its forms (plurals, with article, conjunction, preposition or\n"
     "pronoun). \"two words\" in that order, begin* of a word, -word: not there. And of the incidents they tell of:\n"
     "  near:PLACE,KM  near:LAT,LON,KM  place:NAME  country:SY    from:2021-01  to:2021-01-13  on:2021-01-13\n"
     "  killed>=10 (injured, casualties, missing, detained, displaced; > >= < <= =)  voices>=2  effect:killed\n"
     "  event:air_strike  voice:NAME  kind:monitor  stance:denies  disagree:count (yes, no, …)  status:new  language:ar\n"
     "  verdict:rejected  grade:fair  assigned:NAME  sensitive:no\n"
     "The best come first, beyond 10,000 documents the newest. All of it: docs/queries.md.\n"
     "\n"
     "  isnad search البوكمال غارة\n"
     "  isnad search '\"fuel market\"' strike\n"
     "  isnad search مستشفى 'near:دير الزور,20' 'killed>=5'\n"},
    {"export", FOR_EXPORT, command_export, "",
     "incidents, claims, documents, voices or chains as a file", "jsonl csv geojson kml ucdp acled",
     "Writes what the ledger knows: JSON lines, CSV for spreadsheets, GeoJSON and KML (incidents and claims) for maps, and\n"
     "incidents in the columns of UCDP GED (49) and ACLED (31), where what is not known stays empty. CSV cells that begin\n"
     "like a formula get a ' before them, unless --raw; --hxl adds a row of hashtags for tools of humanitarian data.\n"
     "\n"
     "  isnad export > incidents.jsonl\n"
     "  isnad export --what claims --format csv --bom --output claims.csv\n"
     "  isnad export --format csv --hxl --output incidents.csv\n"
     "  isnad export --format ucdp --since 2021-01-01 --output ged.csv\n"
     "  isnad export --format geojson --country SY > syria.geojson\n"
     "  isnad export --rule ucdp > with-best.jsonl    by another rule of estimates (isnad help estimates)\n"},
    {"voices", FOR_VOICES, command_voices, "[TEXT | KEY]",
     "who speaks, across all incidents", "table jsonl",
     "Lists the voices of the ledger: in how many incidents each speaks, how often it told something first and how often\n"
     "alone. TEXT: only those with a name that holds it, in any spelling. KEY: what that one said, under which names, who\n"
     "carried it, and how its figures stand to the others' at the end. Names of one voice have one key across incidents\n"
     "and languages; isnad review name makes two keys one. Sources that nothing describes stand together by outlet and kind.\n"
     "\n"
     "  isnad voices\n"
     "  isnad voices --order first 'civil defence'\n"
     "  isnad voices s-41d8c0\n"},
    {"compare", FOR_COMPARE, command_compare, "outlet|period|place A B",
     "two outlets, periods or places beside each other", "table jsonl",
     "Tells how much either side has, which incidents only one of them tells of, and of those that both do what figures\n"
     "each gives and whether they differ. Periods are years, months, days, or two of them with / between. Outlets are named\n"
     "as isnad show writes them. The options of isnad incidents narrow down what is compared.\n"
     "\n"
     "  isnad compare outlet 'Hillside Post' 'Northern Wire' --since 2026\n"
     "  isnad compare period 2026-01 2026-02 --country SY\n"
     "  isnad compare place Qarya Zabid\n"},
    {"review", FOR_REVIEW, command_review, "ACT ID... [VALUE]...",
     "what people say of what was read: accept, correct, reject, merge, grade, ...", "table jsonl",
     "Keeps what reviewers say of claims and incidents: who, when, why (--why). Nothing is overwritten: what the machine\n"
     "read stays beside what is corrected, and undo is an act of its own. isnad show prints the ids of claims; the\n"
     "beginning of an id is enough.\n"
     "\n"
     "  accept CLAIM...                  it is as it was read\n"
     "  correct CLAIM FIELD=VALUE...     count=5 (5-7, 5+), effect, class, group, min, max, approx, stance, scope, event,\n"
     "                                   date, place (place.lat, place.lon, ...), voice, voice.kind, via, actor,\n"
     "                                   actor.hedged, part_of; of an incident event, date and place\n"
     "  reject CLAIM...                  it is none: it counts nowhere any more\n"
     "  merge ID ID...                   incidents, claims, documents that tell of one incident\n"
     "  split INCIDENT ID...             claims and documents that do not tell of it\n"
     "  attach INCIDENT CLAIM...         claims that tell of it, wherever they stood\n"
     "  grade INCIDENT GRADE             confirmed, fair, weak, contested, discounted, none; also in Arabic\n"
     "  assign ID NAME                   none: to nobody\n"
     "  comment ID TEXT\n"
     "  sensitive ID... [no]\n"
     "  settle INCIDENT...\n"
     "  name VOICE... [name= name_ar= kind=]   these are one voice, called so; isnad voices lists their keys (s-...)\n"
     "  name VOICE not='NAME AS TOLD'    that name is not this voice\n"
     "  add [INCIDENT] document= start= end= effect= count= ...   a claim that the text makes and the machine did not\n"
     "                                   read: start and end are the figure's code points; fields as of correct\n"
     "  undo ACT...                      by its number in the log\n"
     "  next [REASON]                    what waits for somebody, what matters first: disagreement, lost, changed,\n"
     "                                   first_report, assigned; --who NAME: what that one has in hand (none: nobody)\n"
     "  log [ID]                         what was done, by whom and why\n"
     "  queue                            what waits because its words are no longer found, or read otherwise\n"
     "  past DOCUMENT                    how it was read before it was read again\n"
     "  grades [FILE]                    the scale of grades; with FILE, one of your own from now on\n"
     "\n"
     "  isnad review reject c-41d8 --why 'a total of the year'\n"
     "  isnad review correct c-41d8 count=5+ voice='the town hospital' voice.kind=medical\n"
     "  isnad review grade i-7c0f fair --who Rima\n"
     "\n"
     "All of it: docs/review.md.\n",
     "accept correct reject merge split attach grade assign comment sensitive settle name add undo next log queue past grades"},
    {"reread", FOR_REREAD, command_reread, "[DOCUMENT]...",
     "read what the ledger keeps again, and tell what changed", "table jsonl",
     "Reads the pages in the ledger again, with this program and its words, rules and places, and tells which claims are\n"
     "gone, new or read otherwise. The readings that stood are kept beside; what reviewers said is found again by its\n"
     "words, or waits in isnad review queue. Rows of a recorder's table are left as they are.\n"
     "\n"
     "  isnad reread --dry-run            only tell\n"
     "  isnad reread https://example.org/news/1\n"},
    {"ledger", FOR_LEDGER, command_ledger,
     "show | copy FROM TO | merge FROM | backup FILE | restore FILE | check | link",
     "what is done with a ledger as a whole", "table jsonl",
     "show: how much is in it.\n"
     "copy: everything that is stored in FROM into TO, which must be new or empty. The copy has the same ids, the same log\n"
     "and signed heads, and answers every question with the same bytes. FROM is only read.\n"
     "merge: what another team's ledger holds into this one: pages, readings, acts of review with who, when and why, each\n"
     "once. What either has redacted is redacted; incidents keep their ids. FROM is verified first and only read; its log and\n"
     "its last signed head are kept, and isnad verify checks them from then on. Merging again adds nothing.\n"
     "backup: a copy of it in one file, also while others write to it. The copy is read back and verified before it gets\n"
     "its name; a file that has the name stays, unless --replace lets an older backup give way.\n"
     "restore: puts a backup in the ledger's place, once it is verified. A ledger that is there stays, unless --replace\n"
     "puts it aside under another name; nobody may have it open.\n"
     "check: finds damage and says what is lost: pages, documents, acts; works out again what follows from them\n"
     "(incidents, copies, the index of words) and compares. --repair makes that again; what is lost is never made up.\n"
     "Ends with 11 where something is damaged.\n"
     "link: works out the incidents anew, as isnad add does at its end; one that was interrupted left that undone.\n"
     "\n"
     "  isnad ledger show --ledger raqqa.db\n"
     "  isnad ledger copy raqqa.db 'postgresql://rima@db.example/raqqa'\n"
     "  isnad ledger merge /media/stick/homs.db --ledger raqqa.db --who Rima\n"
     "  isnad ledger backup --ledger raqqa.db --replace /media/stick/raqqa.db\n"
     "  isnad ledger restore --ledger raqqa.db /media/stick/raqqa.db\n"
     "  isnad ledger check --ledger raqqa.db\n"
     "\n"
     "All of it: docs/teams.md, docs/backup.md.\n",
     "show copy merge backup restore check link"},
    {"serve", FOR_SERVE, command_serve, "",
     "the ledger in a web browser, on this machine", "",
     "Opens the ledger in a browser, at http://127.0.0.1:8377/ unless told otherwise; nothing leaves the machine.\n"
     "Ctrl-C ends it. At your own machine nobody needs an account; with --accounts, with --remote and behind a proxy\n"
     "everybody does, and the first start prints a link that makes the first one, an admin's (docs/access.md). For a team: behind\n"
     "a proxy, or with a certificate (docs/serve.md).\n"
     "\n"
     "  isnad serve\n"
     "  isnad serve --ledger raqqa.db --port 9000\n"
     "  isnad serve --accounts\n"
     "  isnad serve --proxy --name archive.example --base /isnad\n"
     "  isnad serve --remote --address 0.0.0.0 --port 443 --name archive.example --tls-cert full.pem --tls-key key.pem\n"},
    {"users", FOR_USERS, command_users, "list | add NAME ROLE | role NAME ROLE | password NAME | disable NAME | enable NAME | remove NAME",
     "accounts of the workspace", "table jsonl",
     "Who may sign in where isnad serve asks for accounts, and as what: a reader reads what is not sensitive, a reviewer\n"
     "also decides and adds, an admin also gives accounts and settings. A password is asked for on the terminal, or read\n"
     "from standard input. All that is done stands in the audit log.\n"
     "\n"
     "  isnad users add Rima reviewer\n"
     "  isnad users role Rima admin\n"
     "  isnad users disable Rima\n"
     "\n"
     "All of it: docs/access.md.\n",
     "list add role password disable enable remove"},
    {"verify", FOR_VERIFY, command_verify, "",
     "check that nothing stored was changed or removed", "table jsonl",
     "Reads everything back and compares it with the log it was sealed in: pages with their hashes; texts, readings,\n"
     "claims, acts of review and keys with their leaves; the log with its signed heads; and with --against that it only\n"
     "grew since heads that were kept elsewhere. Ends in one of:\n"
     "  sealed and time-stamped  the same, and an authority (--authority) says when a head was there\n"
     "  sealed                 all agrees with heads that a key signed: without the key nobody can have changed it\n"
     "  unsealed               all agrees, but no head was signed: whoever has the file could have made it so\n"
     "  changed or incomplete  a line for each thing: which, and what was expected. The run ends with 11\n"
     "Incidents are not compared: they follow from readings and acts. What a head kept elsewhere shows, nobody who has\n"
     "only the file and the key can forge.\n"
     "\n"
     "  isnad verify --ledger raqqa.db\n"
     "  isnad verify --against heads-on-paper.jsonl\n"},
    {"head", FOR_HEAD, command_head, "",
     "sign the log as it stands: a line to be kept elsewhere", "",
     "Signs how many leaves the log has and what its root is, and prints that as one line of JSON. Keep it where nobody\n"
     "who can change the ledger can change it: print it, mail it, publish it. isnad verify --against proves later that\n"
     "nothing before it was changed or removed. The first key that signs becomes the ledger's.\n"
     "\n"
     "An authority's time stamp (RFC 3161) says when a head was there: --request writes the query, send it by whatever means,\n"
     "--stamp keeps the answer.\n"
     "\n"
     "  isnad head >> heads.jsonl\n"
     "  isnad head --request head.tsq\n"
     "  curl -H 'Content-Type: application/timestamp-query' --data-binary @head.tsq https://tsa.example/ > head.tsr\n"
     "  isnad head --stamp head.tsr\n"
     "  isnad head --key /media/stick/key.pem\n"},
    {"key", FOR_KEY, command_key, "new | show | rotate [NEW]",
     "the private key that signs heads", "table jsonl",
     "new: makes an Ed25519 key in a file that only you can read (PEM, mode 0600); it never stands in the ledger. Keep a\n"
     "copy: without it no further head can be signed.\n"
     "show: its public key.\n"
     "rotate: makes a new key in its place; the old one signs the new one, the ledger's log records it, and the old file\n"
     "is kept beside it as key.pem.DIGITS.old. With NEW, the file of a key that is there already, no file is changed: so\n"
     "further ledgers follow.\n"
     "\n"
     "  isnad key new\n"
     "  isnad key rotate --ledger raqqa.db\n"
     "  isnad key rotate --ledger homs.db --key ~/.config/isnad/key.pem.1f2e3d4c.old ~/.config/isnad/key.pem\n",
     "new show rotate"},
    {"bundle", FOR_BUNDLE, command_bundle, "ID --output FILE.wacz",
     "the evidence of an incident, for strangers to check", "",
     "Writes an incident as a WACZ: the stored pages as a web archive, what was read from them, the claims as W3C Web\n"
     "Annotations with their sentences, acts that speak of it, the signed head of the log, for each of these the proof\n"
     "that it stands under that head, and a report to be read in a browser. tools/verify_bundle.py, one file of Python that\n"
     "shares nothing with this program, checks it anywhere. What was added since the last head must be signed first.\n"
     "\n"
     "  isnad head && isnad bundle i-7c0f --output i-7c0f.wacz\n"
     "  python3 tools/verify_bundle.py i-7c0f.wacz\n"},
    {"redact", FOR_REDACT, command_redact, "CAPTURE --who NAME --why TEXT [--span START-END]",
     "destroy content that must go, keep what proves it was there", "table jsonl",
     "Destroys the bytes of a page and the text and claims read from it, or with --span a stretch of the text (code points\n"
     "as claims have them) and the page's bytes: a child's name, a court's order. Hash, URL, time and leaf stay, and an act\n"
     "says who did it, when and why; isnad verify tells of it as withdrawn. The file is written anew, so that nothing of\n"
     "it is left in freed pages or in the write-ahead log; copies of the file are yours to find. The page is not taken in\n"
     "again. CAPTURE is its id or number, or the document's id or URL where it has one capture. With --span, figures that\n"
     "were read stay; without it, a text that another capture vouches for stays until that one is redacted too.\n"
     "\n"
     "  isnad redact https://example.org/news/1 --who 'R. Haddad' --why 'court order 12/2026'\n"
     "  isnad redact p-41c0 --span 310-324 --who 'R. Haddad' --why 'name of a child'\n"},
    {"places", FOR_PLACES, command_places, "find NAME... | build FILE...",
     "look a place up, or make a gazetteer of your own", "table jsonl",
     "find: the places of a name in Arabic or Latin script, in any spelling. build: compiles a places.tsv, GeoNames\n"
     "dumps or simple TSV files into one file for --places, which takes the place of the whole built-in gazetteer:\n"
     "places that stand only there are not found with it.\n"
     "\n"
     "  isnad places find البوكمال\n"
     "  isnad places build --output my.places SY.txt villages.tsv\n"
     "  isnad read --places my.places page.html\n",
     "find build"},
    {"schema", FOR_SCHEMA, command_schema, "reading|incident|page|intake|compare|copies",
     "the JSON Schema of a format", "",
     "Prints the JSON Schema (2020-12) of what isnad read, isnad export, isnad page and isnad intake ls print as JSON lines.\n"
     "\n"
     "  isnad schema reading > isnad-reading-1.schema.json\n"},
    {"lang", FOR_LANG, command_lang, "check [DIR]",
     "check the words and rules of lang/", "",
     "check: what is wrong or of no use in a folder of words and rules, a line for each with file and line: classes and\n"
     "features that there are not, rules that can never match or win, classes of words that no rule asks for, rules\n"
     "without a test. DIR is lang/ here, else the one that came with the program. Ends with 0 where there is nothing to\n"
     "say, with 3 where there is, with 5 where the folder does not compile. Needs python3, as building does.\n"
     "\n"
     "  isnad lang check\n"
     "  isnad lang check my-lang/\n"},
    {"estimates", FOR_ESTIMATES, command_estimates, "[check [FILE] | use RULE]",
     "the rules by which low, best and high are drawn", "table jsonl",
     "Lists the rules of estimates that come with isnad: range (lowest to highest), ucdp (low, best, high), acled (one\n"
     "conservative figure), independent (best needs two independent voices). --rule takes one of them, or a file of\n"
     "your own, for one run of incidents, show, export or serve.\n"
     "check: reads a file of rules and runs the tests in it; a line for each mistake, with file, line and what was\n"
     "expected. Without FILE, the rules that come with isnad. Ends with 5 where there are mistakes, with 3 where a test\n"
     "fails.\n"
     "use: makes a rule the ledger's own and works its incidents out by it.\n"
     "\n"
     "  isnad export --rule ucdp --format csv > incidents.csv\n"
     "  isnad show --rule my-rules.tsv i-7c0f\n"
     "  isnad estimates check my-rules.tsv\n"
     "  isnad estimates use independent --ledger raqqa.db\n"},
    {"doctor", FOR_DOCTOR, command_doctor, "",
     "check libraries, tables, ledger and terminal", "table jsonl",
     "Tells which libraries are there and in what version, which tables are in use, whether the ledger opens, and what\n"
     "the terminal can show. Ends with 10 where a library is missing.\n"
     "\n"
     "  isnad doctor\n"},
    {"version", FOR_VERSION, command_version, "", "the version", "", "Prints the version.\n"},
    {"help", FOR_HELP, command_help, "[COMMAND]", "how to use a command", "",
     "Tells what a command does, with examples.\n\n  isnad help read\n"},
    {0},
};

static const char *const exit_codes[][2] = {
    {"0", "all went well"},
    {"1", "a defect of isnad itself"},
    {"2", "wrong options or arguments"},
    {"3", "done, but some records were bad and were skipped"},
    {"4", "a file or URL cannot be opened (what could be was read)"},
    {"5", "input that cannot be read at all"},
    {"6", "reading or writing failed: a full disk, a closed pipe"},
    {"7", "the ledger was written by a newer version"},
    {"8", "the ledger is damaged"},
    {"9", "no such incident, document or place"},
    {"10", "a library that the command needs is not there"},
    {"11", "verify: something was changed or is missing"},
    {"12", "interrupted (what was committed stays)"},
};
/* clang-format on */

void help_general(FILE *out, const program *p) {
    fputs("Isnad reads news pages about contested incidents and keeps a ledger of who said what.\n"
          "\n"
          "  isnad read page.html          what a page says: figures, voices, sentences\n"
          "  isnad add saved-pages/        read a folder into the ledger\n"
          "  isnad incidents               what the ledger knows\n"
          "  isnad show i-7c0f             one incident: who said what, where the accounts part\n"
          "  isnad serve                   the same in a browser\n"
          "\n"
          "Usage: isnad COMMAND [OPTION]... [ARGUMENT]...\n"
          "\n"
          "Commands (isnad help COMMAND tells more):\n",
          out);
    for (const command *c = commands; c->name; c++)
        fprintf(out, "  %-10s %s\n", c->name, c->summary);
    fprintf(out,
            "\n"
            "The ledger is the file or the address (postgresql://USER@HOST/DATABASE) that --ledger\n"
            "names, else ISNAD_LEDGER, else\n"
            "$XDG_DATA_HOME/isnad/ledger.db, else ~/.local/share/isnad/ledger.db.\n"
            "Here and now: %s\n"
            "\n"
            "Exit codes:\n",
            !p->ledger_path                    ? "(none: HOME is not set)"
            : ledger_on_server(p->ledger_path) ? "(that of a server)" /* the address may hold a password */
                                               : p->ledger_path);
    for (size_t i = 0; i < sizeof exit_codes / sizeof *exit_codes; i++)
        fprintf(out, "  %2s  %s\n", exit_codes[i][0], exit_codes[i][1]);
    fputs("\nNO_COLOR turns colours off. The manual: man isnad\n", out);
}

static void put_formats(FILE *out, const command *c) {
    if (*c->formats)
        fprintf(out, "\nFormats: %s\n", c->formats);
}

void help_command(FILE *out, const command *c) {
    fprintf(out, "Usage: isnad %s [OPTION]...%s%s\n\n%s\nOptions:\n", c->name, *c->arguments ? " " : "",
            c->arguments, c->essay);
    arguments_describe(out, c->mask);
    put_formats(out, c);
}

isn_code command_help(program *p) {
    const settings *s = &p->settings;
    if (s->count == 0) {
        help_general(p->out, p);
        return ISN_OK;
    }
    const command *c = command_named(s->arguments[0]);
    if (!c)
        return unknown_command(p, s->arguments[0]);
    help_command(p->out, c);
    return ISN_OK;
}
