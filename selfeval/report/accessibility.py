"""That a file is PDF/UA-1 (ISO 14289-1), as its metadata say it: written by one engine, known by what verifies."""

_EXTENSION = "http://www.aiim.org/pdfa/ns/"
ACCESSIBLE = (
    '<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>'
    f'</rdf:Description><rdf:Description rdf:about="" xmlns:pdfaExtension="{_EXTENSION}extension/" '
    f'xmlns:pdfaSchema="{_EXTENSION}schema#" xmlns:pdfaProperty="{_EXTENSION}property#"><pdfaExtension:schemas>'
    '<rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA Universal Accessibility Schema'
    "</pdfaSchema:schema><pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    '<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    "<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>Part of PDF/UA standard</pdfaProperty:description></rdf:li></rdf:Seq>"
    "</pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)
"""That a file is PDF/UA-1, in metadata which PDF/A asks to explain each word that is none of its own."""
