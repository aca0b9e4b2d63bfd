// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.html;

/// Text in HTML.
public final class Html {

    private Html() {}

    /// Text with nothing in it that HTML takes for its own, in quotes or not.
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /// What every page begins with, up to the body.
    ///
    /// @param style the style sheet's text, or a reference to it if it begins with `<link`
    public static String begin(String title, String style) {
        return "<!doctype html>\n"
                + "<html lang=\"en\">\n"
                + "<head>\n"
                + "<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<title>"
                + escaped(title)
                + "</title>\n"
                + (style.startsWith("<link") ? style : "<style>\n" + style + "</style>\n")
                + "</head>\n<body>\n";
    }

    /// What every page ends with.
    public static String end() {
        return "</body>\n</html>\n";
    }
}
