/* The parts that views are made of. */
export * from "./basics";
export { copyText } from "./copy";
export { Dialog } from "./Dialog";
export { Icon, type IconName } from "./Icon";
export { useMedia } from "./media";
export { Menu, Popover, type MenuItem } from "./Menu";
export { ShortcutHelp, startShortcuts, useShortcuts, helpOpen } from "./shortcuts";
export { Empty, ErrorBox, errorWords, Loading } from "./states";
export { Table, type Column } from "./Table";
export { Tabs } from "./Tabs";
export { toast, Toasts } from "./Toast";
export { VirtualList, type ListHandle } from "./VirtualList";
export type { Page, RowSource } from "./paged";
