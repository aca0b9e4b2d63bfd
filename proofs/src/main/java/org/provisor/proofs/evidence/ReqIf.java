// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import org.provisor.proofs.requirement.Requirement;
import org.provisor.proofs.requirement.Requirement.Level;
import org.provisor.proofs.requirement.Traceability;

import java.io.StringWriter;
import java.util.Map;

import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// The requirements in ReqIF 1.2, for tools that manage them: an object a requirement, a relation
/// for each parent, and the three levels as chapters.
final class ReqIf {

    private static final String NAMESPACE = "http://www.omg.org/spec/ReqIF/20110401/reqif.xsd";

    /// Elements have to say when they were changed last. The same pack has the same bytes, so that
    /// it is always this.
    private static final String TIME = "2000-01-01T00:00:00Z";

    private final XMLStreamWriter xml;
    private final Traceability traced;

    private ReqIf(XMLStreamWriter xml, Traceability traced) {
        this.xml = xml;
        this.traced = traced;
    }

    static String of(Traceability traced) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            new ReqIf(xml, traced).document();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    private void document() throws XMLStreamException {
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeStartElement("REQ-IF");
        xml.writeDefaultNamespace(NAMESPACE);
        header();
        open("CORE-CONTENT");
        open("REQ-IF-CONTENT");
        types();
        objects();
        relations();
        chapters();
        close(3);
        xml.writeEndDocument();
    }

    private void header() throws XMLStreamException {
        open("THE-HEADER");
        open("REQ-IF-HEADER");
        xml.writeAttribute("IDENTIFIER", "provisor");
        text("CREATION-TIME", TIME);
        text("REQ-IF-TOOL-ID", "Provisor");
        text("REQ-IF-VERSION", "1.0");
        text("SOURCE-TOOL-ID", "Provisor");
        text("TITLE", "Requirements of Provisor");
        close(2);
    }

    private void types() throws XMLStreamException {
        open("DATATYPES");
        identified("DATATYPE-DEFINITION-STRING", "type-text", "text");
        xml.writeAttribute("MAX-LENGTH", "65536");
        close(2);
        open("SPEC-TYPES");
        identified("SPEC-OBJECT-TYPE", "requirement", "requirement");
        open("SPEC-ATTRIBUTES");
        attribute("attribute-name", "ReqIF.ForeignID");
        attribute("attribute-text", "ReqIF.Text");
        attribute("attribute-level", "level");
        attribute("attribute-exception", "exception");
        close(2);
        identified("SPEC-RELATION-TYPE", "serves", "serves");
        close(1);
        identified("SPECIFICATION-TYPE", "document", "document");
        close(2);
    }

    private void attribute(String id, String name) throws XMLStreamException {
        identified("ATTRIBUTE-DEFINITION-STRING", id, name);
        open("TYPE");
        text("DATATYPE-DEFINITION-STRING-REF", "type-text");
        close(2);
    }

    private void objects() throws XMLStreamException {
        open("SPEC-OBJECTS");
        for (Requirement each : traced.requirements()) {
            identified("SPEC-OBJECT", object(each.id()), each.name());
            open("VALUES");
            value("attribute-name", each.id());
            value("attribute-text", each.text());
            value("attribute-level", each.level().kind());
            if (!each.excepted().isEmpty()) {
                value("attribute-exception", each.excepted());
            }
            close(1);
            reference("TYPE", "SPEC-OBJECT-TYPE-REF", "requirement");
            close(1);
        }
        close(1);
    }

    private void value(String attribute, String value) throws XMLStreamException {
        open("ATTRIBUTE-VALUE-STRING");
        xml.writeAttribute("THE-VALUE", value);
        reference("DEFINITION", "ATTRIBUTE-DEFINITION-STRING-REF", attribute);
        close(1);
    }

    private void relations() throws XMLStreamException {
        Map<Level, Level> above =
                Map.of(Level.SOFTWARE, Level.PRODUCT, Level.PRODUCT, Level.MARKET);
        open("SPEC-RELATIONS");
        for (Requirement each : traced.requirements()) {
            for (String parent : each.parents()) {
                String to = above.getOrDefault(each.level(), Level.MARKET).kind();
                String id = to + "~" + parent + "~1";
                identified("SPEC-RELATION", "serves-" + object(each.id()) + object(id), "");
                reference("TARGET", "SPEC-OBJECT-REF", object(id));
                reference("SOURCE", "SPEC-OBJECT-REF", object(each.id()));
                reference("TYPE", "SPEC-RELATION-TYPE-REF", "serves");
                close(1);
            }
        }
        close(1);
    }

    private void chapters() throws XMLStreamException {
        open("SPECIFICATIONS");
        for (Level level : Level.values()) {
            identified("SPECIFICATION", "chapter-" + level.kind(), level.kind());
            reference("TYPE", "SPECIFICATION-TYPE-REF", "document");
            open("CHILDREN");
            for (Requirement each : traced.requirements()) {
                if (each.level() == level) {
                    identified("SPEC-HIERARCHY", "place-" + object(each.id()), each.name());
                    reference("OBJECT", "SPEC-OBJECT-REF", object(each.id()));
                    close(1);
                }
            }
            close(2);
        }
        close(1);
    }

    /// An identifier of XML: letters, digits, dots, hyphens.
    private static String object(String id) {
        return "r-" + id.replace('~', '_');
    }

    private void identified(String element, String id, String name) throws XMLStreamException {
        open(element);
        xml.writeAttribute("IDENTIFIER", id);
        xml.writeAttribute("LAST-CHANGE", TIME);
        if (!name.isEmpty()) {
            xml.writeAttribute("LONG-NAME", name);
        }
    }

    private void reference(String around, String element, String to) throws XMLStreamException {
        open(around);
        text(element, to);
        close(1);
    }

    private void text(String element, String text) throws XMLStreamException {
        xml.writeStartElement(element);
        xml.writeCharacters(text);
        xml.writeEndElement();
    }

    private void open(String element) throws XMLStreamException {
        xml.writeCharacters("\n");
        xml.writeStartElement(element);
    }

    private void close(int elements) throws XMLStreamException {
        for (int i = 0; i < elements; i++) {
            xml.writeEndElement();
        }
    }
}
