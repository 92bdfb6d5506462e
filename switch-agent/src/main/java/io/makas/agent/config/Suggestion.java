// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.config;

import java.util.Collection;

/** Finds the name that somebody probably meant, by Levenshtein's distance. */
public final class Suggestion {

    private Suggestion() {}

    /** "; did you mean 'x'?" for the nearest name that is not too far away, else the list of names. */
    public static String of(String wrong, Collection<String> names) {
        String nearest = null;
        int least = Math.max(2, wrong.length() / 3) + 1;
        for (String name : names) {
            int distance = distance(wrong, name);
            if (distance < least) {
                least = distance;
                nearest = name;
            }
        }
        return nearest != null ? "; did you mean '" + nearest + "'?" : "; known are " + String.join(", ", names);
    }

    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
