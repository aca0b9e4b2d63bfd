// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.tools.ToolProvider;

/// A mutant as somebody else writes it.
public final class Given {

    /// Unpinning leaves the frame's mark alone: its source.
    public static final String UNPINS =
            """
            package elsewhere;

            import org.objectweb.asm.tree.*;
            import org.provisor.proofs.recall.Mutant;

            public final class Unpins implements Mutant {

                static int zero() {
                    return 0;
                }

                @Override
                public String name() {
                    return "unpins";
                }

                @Override
                public boolean change(ClassNode type) {
                    if (!type.name.endsWith("/Pinning")) {
                        return false;
                    }
                    for (MethodNode method : type.methods) {
                        if (method.name.equals("unpin")) {
                            for (AbstractInsnNode at : method.instructions) {
                                if (at instanceof MethodInsnNode call
                                        && call.name.equals("putBoth")) {
                                    call.name = "put";
                                    return true;
                                }
                            }
                        }
                    }
                    return false;
                }
            }
            """;

    private Given() {}

    /// Compiles the source of `elsewhere.Unpins`, and returns the directory of its classes.
    public static Path compiled(Path directory, String source) throws IOException {
        Path file = directory.resolve("source/elsewhere/Unpins.java");
        Path classes = directory.resolve("classes");
        Files.createDirectories(file.resolveSibling("."));
        Files.createDirectories(classes);
        Files.writeString(file, source);
        List<String> path = new ArrayList<>();
        for (Class<?> type : List.of(Mutant.class, ClassNode.class, Opcodes.class)) {
            path.add(code(type));
        }
        int code =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-d",
                                classes.toString(),
                                "-cp",
                                String.join(File.pathSeparator, path),
                                file.toString());
        assertEquals(0, code);
        return classes;
    }

    private static String code(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
