// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.book;

import org.provisor.proofs.book.LifeCycle.Place;
import org.provisor.proofs.book.Transitions.Shown;
import org.provisor.proofs.html.Html;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Draws states and the changes between them: boxes, and curves whose numbers lead to what does
/// each change.
final class StateDiagram {

    private static final int COLUMN = 215;
    private static final int ROW = 110;
    private static final int WIDTH = 150;
    private static final int HEIGHT = 46;
    private static final int MARGIN = 20;
    private static final int LINE = 16;

    /// How far a curve swings out, of its length.
    private static final double SWING = 0.13;

    /// Where along a curve its number stands.
    private static final double[] NUMBER_AT = {0.42, 0.55, 0.3, 0.66};

    private static final int NUMBER_APART = 22;

    private record Point(double x, double y) {

        double to(Point other) {
            return Math.hypot(x - other.x, y - other.y);
        }
    }

    private final LifeCycle cycle;
    private final List<Shown> shown;
    private final List<Point> numbers = new ArrayList<>();

    StateDiagram(LifeCycle cycle, List<Shown> shown) {
        this.cycle = cycle;
        this.shown = shown;
    }

    /// The drawing as SVG, to stand in a page. Its numbers, from 1, lead to `#ID-NUMBER`.
    String svg() {
        Set<String> used = new HashSet<>();
        shown.forEach(each -> {
            used.add(each.change().from());
            used.add(each.change().to());
        });
        double right = 0;
        double bottom = 0;
        for (String state : used) {
            right = Math.max(right, place(state).x + WIDTH / 2.0 + MARGIN);
            bottom = Math.max(bottom, place(state).y + HEIGHT / 2.0 + MARGIN);
        }
        StringBuilder svg = new StringBuilder();
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<svg class=\"states\" viewBox=\"0 0 %.0f %.0f\" role=\"img\""
                                + " aria-label=\"%s: %d changes, listed below\">%n",
                        right,
                        bottom,
                        Html.escaped(cycle.title()),
                        shown.size()));
        svg.append("<defs><marker id=\"arrow-").append(cycle.id());
        svg.append("\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\"");
        svg.append(" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0 10 5 0 10z\"/></marker>");
        svg.append("</defs>\n");
        StringBuilder above = new StringBuilder();
        for (int i = 0; i < shown.size(); i++) {
            curve(shown.get(i), i + 1, svg, above);
        }
        for (String state : cycle.places().keySet()) {
            if (used.contains(state)) {
                box(state, svg);
            }
        }
        return svg.append(above).append("</svg>\n").toString();
    }

    private Point place(String state) {
        Place place = cycle.places().get(state);
        if (place == null) {
            throw new IllegalStateException(cycle.id() + ": no place for " + state);
        }
        return new Point(
                MARGIN + WIDTH / 2.0 + place.column() * COLUMN,
                MARGIN + HEIGHT / 2.0 + place.row() * ROW);
    }

    private void box(String state, StringBuilder svg) {
        Point at = place(state);
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<rect x=\"%.0f\" y=\"%.0f\" width=\"%d\" height=\"%d\" rx=\"8\"/>",
                        at.x - WIDTH / 2.0,
                        at.y - HEIGHT / 2.0,
                        WIDTH,
                        HEIGHT));
        String[] lines = state.split(", ", 2);
        for (int i = 0; i < lines.length; i++) {
            double up = (i - (lines.length - 1) / 2.0) * LINE + 4;
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<text x=\"%.0f\" y=\"%.0f\">%s</text>",
                            at.x,
                            at.y + up,
                            Html.escaped(lines[i])));
        }
        svg.append('\n');
    }

    private void curve(Shown each, int number, StringBuilder svg, StringBuilder above) {
        Point from = place(each.change().from());
        Point to = place(each.change().to());
        double across = -(to.y - from.y) * SWING;
        double along = (to.x - from.x) * SWING;
        Point bend = new Point((from.x + to.x) / 2 + across, (from.y + to.y) / 2 + along);
        Point begin = border(from, bend);
        Point end = border(to, bend);
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<path class=\"change\" marker-end=\"url(#arrow-%s)\""
                                + " d=\"M%.1f %.1f Q%.1f %.1f %.1f %.1f\"/>",
                        cycle.id(),
                        begin.x,
                        begin.y,
                        bend.x,
                        bend.y,
                        end.x,
                        end.y));
        Point at = begin;
        for (double where : NUMBER_AT) {
            Point tried = on(begin, bend, end, where);
            at = tried;
            if (numbers.stream().allMatch(other -> other.to(tried) > NUMBER_APART)) {
                break;
            }
        }
        numbers.add(at);
        above.append(
                String.format(
                        Locale.ROOT,
                        "<a href=\"#%s-%d\"><circle cx=\"%.1f\" cy=\"%.1f\" r=\"10\"/>"
                                + "<text class=\"number\" x=\"%.1f\" y=\"%.1f\">%d</text></a>%n",
                        cycle.id(),
                        number,
                        at.x,
                        at.y,
                        at.x,
                        at.y + 4,
                        number));
    }

    /// Where the way from the middle of a box to a point leaves the box.
    private static Point border(Point middle, Point to) {
        double x = to.x - middle.x;
        double y = to.y - middle.y;
        double scale =
                Math.min(
                        x == 0 ? Double.MAX_VALUE : WIDTH / 2.0 / Math.abs(x),
                        y == 0 ? Double.MAX_VALUE : HEIGHT / 2.0 / Math.abs(y));
        return new Point(middle.x + x * Math.min(1, scale), middle.y + y * Math.min(1, scale));
    }

    private static Point on(Point begin, Point bend, Point end, double where) {
        double before = (1 - where) * (1 - where);
        double at = 2 * where * (1 - where);
        double after = where * where;
        return new Point(
                before * begin.x + at * bend.x + after * end.x,
                before * begin.y + at * bend.y + after * end.y);
    }
}
