// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mcdc.loaded;

import org.provisor.proofs.mcdc.Worked;

import java.util.List;

/// Decisions that were worked by hand.
public final class HandWorked implements Worked {

    @Override
    public List<int[]> run(int decisions, String name, String inputs) {
        Seen.begin(decisions);
        for (String each : inputs.split(" ", -1)) {
            boolean[] in = new boolean[4];
            for (int i = 0; i < each.length(); i++) {
                in[i] = each.charAt(i) == 'T';
            }
            evaluate(name, in[0], in[1], in[2]);
        }
        return Seen.noted();
    }

    private static void evaluate(String name, boolean a, boolean b, boolean c) {
        String result =
                switch (name) {
                    case "and" -> and(a, b);
                    case "orAnd" -> "" + orAnd(a, b, c);
                    case "andOr" -> andOr(a, b, c);
                    case "negated" -> negated(a, b);
                    case "coupled" -> coupled(a, b);
                    case "choice" -> choice(a, b, c);
                    case "apart" -> apart(a, b);
                    case "three" -> three(a, b);
                    case "loop" -> loop(a, b);
                    case "again" -> "" + again(a ? 2 : 0);
                    case "ways" -> ways(a ? 1 : b ? 2 : 3);
                    case "complains" -> complains(a);
                    default -> throw new IllegalArgumentException(name);
                };
        if (result.isEmpty()) {
            throw new IllegalStateException(name);
        }
    }

    private static String and(boolean a, boolean b) {
        if (a && b) {
            return "both";
        }
        return "not both";
    }

    private static boolean orAnd(boolean a, boolean b, boolean c) {
        return a || (b && c);
    }

    private static String andOr(boolean a, boolean b, boolean c) {
        return (a && b) || c ? "yes" : "no";
    }

    private static String negated(boolean a, boolean b) {
        if (!(a && !b)) {
            return "yes";
        }
        return "no";
    }

    private static String coupled(boolean a, boolean b) {
        return a && (b || a) ? "yes" : "no";
    }

    private static String choice(boolean a, boolean b, boolean c) {
        if (a ? b : c) {
            return "yes";
        }
        return "no";
    }

    private static String apart(boolean a, boolean b) {
        String answer = "no";
        if (a) {
            if (b) {
                answer = "yes";
            }
        }
        return answer;
    }

    private static String three(boolean a, boolean b) {
        return a ? b ? "both" : "first" : "none";
    }

    private static String loop(boolean a, boolean b) {
        int i = 0;
        while (i < 3 && (a || b)) {
            i++;
        }
        return "times " + i;
    }

    private static boolean again(int n) {
        return n == 0 || (again(n - 1) && n < 2);
    }

    private static String ways(int n) {
        return switch (n) {
            case 1 -> "one";
            case 2 -> "two";
            default -> "many";
        };
    }

    private static String complains(boolean a) {
        if (a) {
            throw new IllegalStateException("cannot happen");
        }
        return "fine";
    }
}
