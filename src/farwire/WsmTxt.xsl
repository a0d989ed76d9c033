<?xml version="1.0" encoding="utf-8"?>
<!--
  From an answer of a service to the text that `winrm -format:text` shows: names and values, each level four blanks deeper, a blank line at the
  end. Equal siblings without children stand on one line. XSLT 1.0.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xmlns:cim="http://schemas.dmtf.org/wbem/wscim/1/common">
  <xsl:output method="text" encoding="utf-8"/>
  <xsl:strip-space elements="*"/>

  <xsl:template match="/">
    <xsl:apply-templates select="*"/>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>

  <!-- Where an instance lives is in its keys already. -->
  <xsl:template match="cim:Location" priority="1"/>

  <!-- A leaf: its value, null, or nothing; and where it comes from when that is a policy. -->
  <xsl:template match="*">
    <xsl:param name="indent"/>
    <xsl:value-of select="concat($indent, local-name())"/>
    <xsl:choose>
      <xsl:when test="normalize-space(@xsi:nil) = 'true' or normalize-space(@xsi:nil) = '1'"> = null</xsl:when>
      <xsl:when test="string(.) != ''"> = <xsl:value-of select="."/></xsl:when>
    </xsl:choose>
    <xsl:if test="@Source"> [Source="<xsl:value-of select="@Source"/>"]</xsl:if>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="*[*]">
    <xsl:param name="indent"/>
    <xsl:value-of select="concat($indent, local-name(), '&#10;')"/>
    <xsl:for-each select="*[not(self::cim:Location)]">
      <xsl:variable name="name" select="local-name()"/>
      <xsl:variable name="uri" select="namespace-uri()"/>
      <xsl:variable name="before" select="preceding-sibling::*[not(self::cim:Location)][1][local-name() = $name and namespace-uri() = $uri]"/>
      <!-- The siblings of the same name that follow without another between: those behind the next other name are behind it too. -->
      <xsl:variable name="other" select="following-sibling::*[not(self::cim:Location)][not(local-name() = $name and namespace-uri() = $uri)][1]"/>
      <xsl:variable name="behind" select="count($other | $other/following-sibling::*[not(self::cim:Location)])"/>
      <xsl:variable name="length" select="count(following-sibling::*[not(self::cim:Location)]) - $behind"/>
      <xsl:variable name="run" select="following-sibling::*[not(self::cim:Location)][position() &lt;= $length]"/>
      <xsl:choose>
        <xsl:when test="* or $run[*] or (not($run) and not($before[not(*)]))">
          <xsl:apply-templates select=".">
            <xsl:with-param name="indent" select="concat($indent, '    ')"/>
          </xsl:apply-templates>
        </xsl:when>
        <xsl:when test="not($before[not(*)])">
          <xsl:value-of select="concat($indent, '    ', $name, ' = ', .)"/>
          <xsl:for-each select="$run">
            <xsl:value-of select="concat(', ', .)"/>
          </xsl:for-each>
          <xsl:text>&#10;</xsl:text>
        </xsl:when>
      </xsl:choose>
    </xsl:for-each>
  </xsl:template>

  <!-- All keys on one line. -->
  <xsl:template match="*[local-name() = 'SelectorSet']" priority="1">
    <xsl:param name="indent"/>
    <xsl:value-of select="concat($indent, local-name(), '&#10;', $indent, '    Selector: ')"/>
    <xsl:for-each select="*">
      <xsl:if test="position() > 1">, </xsl:if>
      <xsl:value-of select="concat(@Name, ' = ', .)"/>
    </xsl:for-each>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>
</xsl:stylesheet>
