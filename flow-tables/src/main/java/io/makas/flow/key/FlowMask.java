// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.key;

import java.util.Arrays;

/**
 * Which bits of a key count: the words of the {@link KeyLayout} that have any such bit, and the bits, packed.
 *
 * <p>Immutable, for any thread. Equal masks are equal objects in the sense of {@link #equals}; a table keeps one of them for
 * all its entries.
 */
public final class FlowMask {

    /** No bit counts. */
    public static final FlowMask NONE = of(new long[KeyLayout.WORDS]);

    private final int[] words;
    private final long[] bits;
    private final int hash;

    private FlowMask(int[] words, long[] bits) {
        this.words = words;
        this.bits = bits;
        this.hash = 31 * Arrays.hashCode(words) + Arrays.hashCode(bits);
    }

    /** Packs a row of up to {@link KeyLayout#WORDS} words. */
    public static FlowMask of(long[] mask) {
        int count = 0;
        for (long word : mask) {
            count += word != 0 ? 1 : 0;
        }
        int[] words = new int[count];
        long[] bits = new long[count];
        int at = 0;
        for (int word = 0; word < mask.length; word++) {
            if (mask[word] != 0) {
                words[at] = word;
                bits[at++] = mask[word];
            }
        }
        return new FlowMask(words, bits);
    }

    /** How many key words have a bit that counts. */
    public int count() {
        return words.length;
    }

    /** The place in the key of the {@code index}th word that counts; ascending. */
    public int word(int index) {
        return words[index];
    }

    /** The bits that count in the {@code index}th of these words; never 0. */
    public long bits(int index) {
        return bits[index];
    }

    /** The bits that count in a word of the key, 0 if none. */
    public long bitsOfWord(int word) {
        int index = Arrays.binarySearch(words, word);
        return index < 0 ? 0 : bits[index];
    }

    /** The words of a key that count, with the other bits cleared: what {@link #count()} describes, packed. */
    public long[] pack(long[] key) {
        long[] packed = new long[words.length];
        for (int i = 0; i < packed.length; i++) {
            packed[i] = key[words[i]] & bits[i];
        }
        return packed;
    }

    /** Puts packed words to their places in a row of {@link KeyLayout#WORDS}; the others are 0. */
    public long[] unpack(long[] packed) {
        long[] key = new long[KeyLayout.WORDS];
        for (int i = 0; i < packed.length; i++) {
            key[words[i]] = packed[i];
        }
        return key;
    }

    /** The mask as a row of {@link KeyLayout#WORDS} words. */
    public long[] toWords() {
        return unpack(bits);
    }

    /** Whether a key has the given packed words under this mask. */
    public boolean matches(long[] key, long[] packed) {
        for (int i = 0; i < words.length; i++) {
            if ((key[words[i]] & bits[i]) != packed[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether each bit that counts here counts in {@code other} too. */
    public boolean isSubsetOf(FlowMask other) {
        for (int i = 0; i < words.length; i++) {
            if ((bits[i] & ~other.bitsOfWord(words[i])) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FlowMask that
                && hash == that.hash
                && Arrays.equals(words, that.words)
                && Arrays.equals(bits, that.bits);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("mask(");
        for (int i = 0; i < words.length; i++) {
            text.append(i == 0 ? "" : " ").append(words[i]).append(":0x").append(Long.toHexString(bits[i]));
        }
        return text.append(')').toString();
    }
}
