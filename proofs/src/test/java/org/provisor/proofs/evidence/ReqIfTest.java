// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.provisor.proofs.requirement.Traceability;
import org.provisor.proofs.seeded.SourceTree;
import org.provisor.proofs.seeded.Target;
import org.xml.sax.SAXException;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;

import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;

/// The requirements are what tools for requirements read: elements and attributes of ReqIF, each
/// identifier once, and nothing refers to what there is not.
final class ReqIfTest {

    private final String text =
            ReqIf.of(Traceability.of(SourceTree.of(Target.SPECIFICATION).project()));
    private final Schema schema;

    ReqIfTest() throws SAXException {
        schema =
                SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                        .newSchema(ReqIfTest.class.getResource("reqif.xsd"));
    }

    private void validate(String document) throws SAXException, IOException {
        schema.newValidator().validate(new StreamSource(new StringReader(document)));
    }

    @Test
    void theRequirementsAreValid() throws SAXException, IOException {
        validate(text);
    }

    @Test
    void whatIsBrokenIsNot() {
        List<String[]> edits =
                List.of(
                        new String[] {"IDENTIFIER=\"document\"", "IDENTIFIER=\"requirement\""},
                        new String[] {
                            ">requirement</SPEC-OBJECT-TYPE-REF>", ">no</SPEC-OBJECT-TYPE-REF>"
                        },
                        new String[] {" LAST-CHANGE=\"2000-01-01T00:00:00Z\"", ""},
                        new String[] {"<TITLE>Requirements of Provisor</TITLE>", ""},
                        new String[] {"<CHILDREN>", "<CHILDREN/><CHILDREN>"});
        for (String[] edit : edits) {
            assertTrue(text.contains(edit[0]), edit[0]);
            String broken = text.replaceFirst(Pattern.quote(edit[0]), edit[1]);
            assertThrows(SAXException.class, () -> validate(broken), edit[0]);
        }
    }
}
