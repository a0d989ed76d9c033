<?xml version="1.0" encoding="utf-8"?>
<!-- From an answer of a service to what `winrm -format:pretty` shows: the same XML, each level four blanks deeper. XSLT 1.0. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml" omit-xml-declaration="yes" indent="no" encoding="utf-8"/>
  <xsl:strip-space elements="*"/>

  <xsl:template match="/">
    <xsl:apply-templates select="*"/>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="*">
    <xsl:param name="indent" select="'&#10;'"/>
    <xsl:copy>
      <xsl:copy-of select="@*"/>
      <xsl:for-each select="node()">
        <!-- Blanks between text would change it. -->
        <xsl:if test="self::* and not(ancestor::*[text()])">
          <xsl:value-of select="concat($indent, '    ')"/>
        </xsl:if>
        <xsl:choose>
          <xsl:when test="self::*">
            <xsl:apply-templates select=".">
              <xsl:with-param name="indent" select="concat($indent, '    ')"/>
            </xsl:apply-templates>
          </xsl:when>
          <xsl:otherwise>
            <xsl:copy/>
          </xsl:otherwise>
        </xsl:choose>
      </xsl:for-each>
      <xsl:if test="* and not(ancestor-or-self::*[text()])">
        <xsl:value-of select="$indent"/>
      </xsl:if>
    </xsl:copy>
  </xsl:template>
</xsl:stylesheet>
