// Before the first paint: the reader's language and light, so that nothing flashes or turns around.
(function () {
    "use strict";
    function kept(name) {
        try {
            return localStorage.getItem(name);
        } catch (error) {
            return null;
        }
    }
    var asked = new URLSearchParams(location.search);
    var language = asked.get("lang") || kept("isnad-language");
    if (language !== "ar" && language !== "en") {
        language = /^ar\b/i.test(navigator.language || "") ? "ar" : "en";
    }
    var theme = asked.get("theme") || kept("isnad-theme");
    var root = document.documentElement;
    root.lang = language;
    root.dir = language === "ar" ? "rtl" : "ltr";
    if (theme === "light" || theme === "dark") {
        root.dataset.theme = theme;
    }
})();
