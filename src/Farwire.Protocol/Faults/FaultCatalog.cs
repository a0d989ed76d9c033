namespace Farwire.Protocol.Faults;

/// <summary>The faults a service raises, each with its place in the standards, its Windows code and its sentence in English and German.</summary>
/// <remarks>DSP0226, "Faults"; MS-WSMV, "Common error codes". Raise one with <c>throw FaultCatalog.InvalidSelectors.Fault("…")</c>.</remarks>
public static class FaultCatalog
{
    /// <summary>The caller may not do this; authentication itself succeeded.</summary>
    public static FaultEntry AccessDenied { get; } = new(5, "s:Sender", "w:AccessDenied", null,
        "Access is denied.",
        "Der Zugriff wird verweigert.");

    /// <summary>A shell operation in a form that the service does not take.</summary>
    public static FaultEntry NotSupported { get; } = new(50, "s:Sender", "w:UnsupportedFeature", null,
        "The request is not supported.",
        "Die Anforderung wird nicht unterstützt.");

    /// <summary>A value in the body that the operation cannot use.</summary>
    public static FaultEntry InvalidParameter { get; } = new(87, "s:Sender", "w:InvalidParameter", "faultDetail/InvalidValue",
        "A parameter is not valid.",
        "Ein Parameter ist ungültig.");

    /// <summary>A pending operation whose shell or command was closed.</summary>
    public static FaultEntry OperationAborted { get; } = new(995, "s:Receiver", "w:InternalError", null,
        "The operation was aborted because its shell or command ended.",
        "Der Vorgang wurde abgebrochen, weil seine Shell oder sein Befehl beendet wurde.");

    /// <summary>The program to start does not exist.</summary>
    public static FaultEntry FileNotFound { get; } = new(2147942402, "s:Receiver", "w:InternalError", null,
        "The system cannot find the file specified.",
        "Das System kann die angegebene Datei nicht finden.");

    /// <summary>No resource, or no instance, of that name.</summary>
    public static FaultEntry ResourceNotFound { get; } = new(2150858752, "s:Sender", "a:DestinationUnreachable", "faultDetail/InvalidResourceURI",
        "The service cannot find the resource that the resource URI and selectors name.",
        "Der Dienst findet die Ressource nicht, die durch Ressourcen-URI und Selektoren bezeichnet ist.");

    /// <summary>A custom action that the resource does not know.</summary>
    public static FaultEntry InvalidActionUri { get; } = new(2150858753, "s:Sender", "a:ActionNotSupported", null,
        "The action URI is not valid for this resource.",
        "Der Aktions-URI ist für diese Ressource ungültig.");

    /// <summary>A SOAP version other than 1.2.</summary>
    public static FaultEntry VersionMismatch { get; } = new(2150858765, "s:VersionMismatch", null, null,
        "The message is not a SOAP 1.2 envelope.",
        "Die Nachricht ist kein SOAP-1.2-Umschlag.");

    /// <summary>A header whose value breaks its rules.</summary>
    public static FaultEntry InvalidHeader { get; } = new(2150858767, "s:Sender", "a:InvalidMessageInformationHeader", null,
        "A header of the message is not valid, and the message cannot be processed.",
        "Ein Kopfelement der Nachricht ist ungültig; die Nachricht kann nicht verarbeitet werden.");

    /// <summary>A header that must be understood and is not.</summary>
    public static FaultEntry MustUnderstand { get; } = new(2150858768, "s:MustUnderstand", null, null,
        "The message has a header with mustUnderstand that the service does not understand.",
        "Die Nachricht enthält ein Kopfelement mit mustUnderstand, das der Dienst nicht versteht.");

    /// <summary>A header without which the message means nothing.</summary>
    public static FaultEntry HeaderRequired { get; } = new(2150858769, "s:Sender", "a:MessageInformationHeaderRequired", null,
        "A required header is missing.",
        "Ein erforderliches Kopfelement fehlt.");

    /// <summary>An operation that the resource does not offer.</summary>
    public static FaultEntry ActionNotSupported { get; } = new(2150858771, "s:Sender", "a:ActionNotSupported", null,
        "The resource does not support this action.",
        "Die Ressource unterstützt diese Aktion nicht.");

    /// <summary>The resource is temporarily away.</summary>
    public static FaultEntry EndpointUnavailable { get; } = new(2150858772, "s:Receiver", "a:EndpointUnavailable", null,
        "The endpoint cannot process the message at this time.",
        "Der Endpunkt kann die Nachricht zurzeit nicht verarbeiten.");

    /// <summary>A body that does not fit the resource.</summary>
    public static FaultEntry InvalidRepresentation { get; } = new(2150858773, "s:Sender", "x:InvalidRepresentation", null,
        "The XML in the body is not a valid representation of the resource.",
        "Das XML im Textkörper ist keine gültige Darstellung der Ressource.");

    /// <summary>A filter on a resource that takes none.</summary>
    public static FaultEntry EnumerationFilteringNotSupported { get; } = new(2150858776, "s:Sender", "n:FilteringNotSupported", null,
        "The resource does not support filtered enumeration.",
        "Die Ressource unterstützt keine gefilterte Aufzählung.");

    /// <summary>A filter in an unknown dialect.</summary>
    public static FaultEntry FilterDialectUnavailable { get; } = new(2150858777, "s:Sender", "n:FilterDialectRequestedUnavailable", null,
        "The filter dialect is not supported by the resource.",
        "Der Filterdialekt wird von der Ressource nicht unterstützt.");

    /// <summary>A filter that breaks its dialect's rules.</summary>
    public static FaultEntry CannotProcessEnumerationFilter { get; } = new(2150858778, "s:Sender", "n:CannotProcessFilter", null,
        "The filter cannot be processed.",
        "Der Filter kann nicht verarbeitet werden.");

    /// <summary>Pull or Release of an unknown context.</summary>
    public static FaultEntry InvalidEnumerationContext { get; } = new(2150858779, "s:Receiver", "n:InvalidEnumerationContext", null,
        "The enumeration context is not valid: it never was, has ended, or has expired.",
        "Der Aufzählungskontext ist ungültig: Er bestand nie, ist beendet oder abgelaufen.");

    /// <summary>A delivery mode that the source does not know.</summary>
    public static FaultEntry DeliveryModeUnavailable { get; } = new(2150858782, "s:Sender", "e:DeliveryModeRequestedUnavailable", null,
        "The delivery mode is not offered by this source.",
        "Der Zustellungsmodus wird von dieser Quelle nicht angeboten.");

    /// <summary>An expiry of a subscription that is none.</summary>
    public static FaultEntry InvalidExpirationTime { get; } = new(2150858783, "s:Sender", "e:InvalidExpirationTime", null,
        "The subscription's expiration time is not valid.",
        "Die Ablaufzeit des Abonnements ist ungültig.");

    /// <summary>An expiry of a subscription that is a moment rather than a duration.</summary>
    public static FaultEntry UnsupportedExpirationType { get; } = new(2150858784, "s:Sender", "e:UnsupportedExpirationType", null,
        "The subscription's expiration time must be a duration.",
        "Die Ablaufzeit des Abonnements muss eine Dauer sein.");

    /// <summary>A filter of a subscription in a dialect that is not offered, or that cannot be processed.</summary>
    public static FaultEntry FilteringRequestedUnavailable { get; } = new(2150858786, "s:Sender", "e:FilteringRequestedUnavailable", null,
        "The subscription's filter is not offered by this source.",
        "Der Filter des Abonnements wird von dieser Quelle nicht angeboten.");

    /// <summary>A subscription that cannot be lengthened.</summary>
    public static FaultEntry UnableToRenew { get; } = new(2150858788, "s:Receiver", "e:UnableToRenew", null,
        "The subscription cannot be renewed.",
        "Das Abonnement kann nicht verlängert werden.");

    /// <summary>A subscription that does not exist, or another message of eventing that means nothing here.</summary>
    public static FaultEntry InvalidEventingMessage { get; } = new(2150858789, "s:Sender", "e:InvalidMessage", null,
        "The eventing message is not valid: it names no subscription that exists here.",
        "Die Ereignisnachricht ist ungültig: Sie nennt kein Abonnement, das hier besteht.");

    /// <summary>The operation's time is over; for Receive and Pull the client asks again.</summary>
    public static FaultEntry OperationTimedOut { get; } = new(2150858793, "s:Receiver", "w:TimedOut", null,
        "The operation did not complete within its time-out.",
        "Der Vorgang wurde nicht innerhalb seines Zeitlimits abgeschlossen.");

    /// <summary>A URI past the limit.</summary>
    public static FaultEntry UriLimit { get; } = new(2150858797, "s:Sender", "w:EncodingLimit", "faultDetail/URILimitExceeded",
        "The URI is too long.",
        "Der URI ist zu lang.");

    /// <summary>A subscriber that does not want the event, nor any after it.</summary>
    public static FaultEntry DeliveryRefused { get; } = new(2150858804, "s:Receiver", "w:DeliveryRefused", null,
        "The subscriber refuses the events.",
        "Der Abonnent lehnt die Ereignisse ab.");

    /// <summary>Events would go over a way that others can read.</summary>
    public static FaultEntry InsecureAddress { get; } = new(2150858865, "s:Sender", "w:UnsupportedFeature", "faultDetail/InsecureAddress",
        "Events are not sent to an address in clear text.",
        "Ereignisse werden nicht an eine Adresse im Klartext gesendet.");

    /// <summary>An address that events cannot be sent to.</summary>
    public static FaultEntry UnusableAddress { get; } = new(2150858901, "s:Sender", "e:EventSourceUnableToProcess", "faultDetail/UnusableAddress",
        "The events cannot be sent to this address.",
        "Die Ereignisse können nicht an diese Adresse gesendet werden.");

    /// <summary>A way of proving oneself that the source cannot go.</summary>
    public static FaultEntry CannotComplyWithPolicy { get; } = new(2150859102, "s:Receiver", "w:EventDeliverToUnusable", "faultDetail/CannotComplyWithPolicy",
        "The source cannot comply with the policy of the subscriber's address.",
        "Die Quelle kann die Richtlinie für die Adresse des Abonnenten nicht erfüllen.");

    /// <summary>Action and body contradict each other.</summary>
    public static FaultEntry ActionMismatch { get; } = new(2150858801, "s:Sender", "a:ActionNotSupported", "faultDetail/ActionMismatch",
        "The action in the message does not fit its body.",
        "Die Aktion der Nachricht passt nicht zu ihrem Textkörper.");

    /// <summary>Two operations that exclude each other.</summary>
    public static FaultEntry Concurrency { get; } = new(2150858802, "s:Sender", "w:Concurrency", null,
        "The operation cannot run beside another that is under way.",
        "Der Vorgang kann nicht neben einem anderen laufenden ausgeführt werden.");

    /// <summary>Create of what is there.</summary>
    public static FaultEntry AlreadyExists { get; } = new(2150858803, "s:Sender", "w:AlreadyExists", null,
        "The resource exists already.",
        "Die Ressource ist bereits vorhanden.");

    /// <summary>Some limit of size or form.</summary>
    public static FaultEntry EncodingLimit { get; } = new(2150858805, "s:Sender", "w:EncodingLimit", null,
        "A limit of the message's encoding was exceeded.",
        "Eine Grenze der Nachrichtencodierung wurde überschritten.");

    /// <summary>Options that the resource cannot take.</summary>
    public static FaultEntry InvalidOptions { get; } = new(2150858809, "s:Sender", "w:InvalidOptions", null,
        "An option is not valid.",
        "Eine Option ist ungültig.");

    /// <summary>A resource URI that cannot name anything.</summary>
    public static FaultEntry InvalidResourceUri { get; } = new(2150858811, "s:Sender", "a:DestinationUnreachable", "faultDetail/InvalidResourceURI",
        "The resource URI is missing or has a form that is not valid.",
        "Der Ressourcen-URI fehlt oder hat eine ungültige Form.");

    /// <summary>Selectors that do not fit.</summary>
    public static FaultEntry InvalidSelectors { get; } = new(2150858813, "s:Sender", "w:InvalidSelectors", null,
        "The selectors are not valid for the resource.",
        "Die Selektoren sind für die Ressource ungültig.");

    /// <summary>Too many or too much at once.</summary>
    public static FaultEntry QuotaLimit { get; } = new(2150858815, "s:Sender", "w:QuotaLimit", null,
        "A quota of the service was exceeded.",
        "Ein Kontingent des Dienstes wurde überschritten.");

    /// <summary>A body whose elements are not those of the operation.</summary>
    public static FaultEntry SchemaValidationError { get; } = new(2150858817, "s:Sender", "w:SchemaValidationError", null,
        "The message does not fit its schema.",
        "Die Nachricht entspricht nicht ihrem Schema.");

    /// <summary>A feature that is not offered.</summary>
    public static FaultEntry UnsupportedFeature { get; } = new(2150858818, "s:Sender", "w:UnsupportedFeature", null,
        "The message asks for a feature that the service does not support.",
        "Die Nachricht verlangt eine Funktion, die der Dienst nicht unterstützt.");

    /// <summary>Bytes that are not an envelope.</summary>
    public static FaultEntry MalformedXml { get; } = new(2150858819, "s:Sender", "w:InternalError", "faultDetail/Invalid",
        "The message cannot be read as XML.",
        "Die Nachricht kann nicht als XML gelesen werden.");

    /// <summary>An answer past MaxEnvelopeSize.</summary>
    public static FaultEntry MaxEnvelopeSizeExceeded { get; } = new(2150858824, "s:Sender", "w:EncodingLimit", "faultDetail/MaxEnvelopeSizeExceeded",
        "The answer is larger than the largest envelope allowed.",
        "Die Antwort ist größer als der größte zulässige Umschlag.");

    /// <summary>A request past MaxEnvelopeSizekb.</summary>
    public static FaultEntry ServiceEnvelopeLimit { get; } = new(2150858825, "s:Sender", "w:EncodingLimit", "faultDetail/ServiceEnvelopeLimit",
        "The message is larger than the largest envelope the service takes.",
        "Die Nachricht ist größer als der größte Umschlag, den der Dienst annimmt.");

    /// <summary>Selectors past the limit.</summary>
    public static FaultEntry SelectorLimit { get; } = new(2150858826, "s:Sender", "w:EncodingLimit", "faultDetail/SelectorLimit",
        "The message has too many selectors.",
        "Die Nachricht enthält zu viele Selektoren.");

    /// <summary>Options past the limit.</summary>
    public static FaultEntry OptionLimit { get; } = new(2150858827, "s:Sender", "w:EncodingLimit", "faultDetail/OptionLimit",
        "The message has too many options.",
        "Die Nachricht enthält zu viele Optionen.");

    /// <summary>Text in another encoding than it claims, or in none that is served.</summary>
    public static FaultEntry CharacterSet { get; } = new(2150858828, "s:Sender", "w:EncodingLimit", "faultDetail/CharacterSet",
        "The character set of the message is not supported.",
        "Der Zeichensatz der Nachricht wird nicht unterstützt.");

    /// <summary>An option with MustComply that is unknown.</summary>
    public static FaultEntry OptionNotSupported { get; } = new(2150858833, "s:Sender", "w:InvalidOptions", "faultDetail/NotSupported",
        "The resource does not support an option that it must comply with.",
        "Die Ressource unterstützt eine Option nicht, die sie befolgen muss.");

    /// <summary>An option without a usable name.</summary>
    public static FaultEntry OptionInvalidName { get; } = new(2150858834, "s:Sender", "w:InvalidOptions", "faultDetail/InvalidName",
        "The name of an option is not valid.",
        "Der Name einer Option ist ungültig.");

    /// <summary>An option whose value cannot be used.</summary>
    public static FaultEntry OptionInvalidValue { get; } = new(2150858835, "s:Sender", "w:InvalidOptions", "faultDetail/InvalidValue",
        "The value of an option is not valid.",
        "Der Wert einer Option ist ungültig.");

    /// <summary>An argument that is out of range.</summary>
    public static FaultEntry InvalidParameterValue { get; } = new(2150858810, "s:Sender", "w:InvalidParameter", null,
        "A parameter of the operation is not valid.",
        "Ein Parameter des Vorgangs ist ungültig.");

    /// <summary>An argument of another type.</summary>
    public static FaultEntry ParameterTypeMismatch { get; } = new(2150858836, "s:Sender", "w:InvalidParameter", "faultDetail/TypeMismatch",
        "A parameter has the wrong type.",
        "Ein Parameter hat den falschen Typ.");

    /// <summary>An argument that does not exist.</summary>
    public static FaultEntry InvalidParameterName { get; } = new(2150858837, "s:Sender", "w:InvalidParameter", "faultDetail/InvalidName",
        "The operation has no parameter of this name.",
        "Der Vorgang hat keinen Parameter dieses Namens.");

    /// <summary>A property value out of its type or range.</summary>
    public static FaultEntry InvalidXmlValues { get; } = new(2150858838, "s:Sender", "x:InvalidRepresentation", "faultDetail/InvalidValues",
        "The representation holds a value that is not valid.",
        "Die Darstellung enthält einen ungültigen Wert.");

    /// <summary>A property that must be given.</summary>
    public static FaultEntry InvalidXmlMissingValues { get; } = new(2150858839, "s:Sender", "x:InvalidRepresentation", "faultDetail/MissingValues",
        "The representation lacks a required value.",
        "In der Darstellung fehlt ein erforderlicher Wert.");

    /// <summary>The right element in the wrong namespace.</summary>
    public static FaultEntry InvalidXmlNamespace { get; } = new(2150858840, "s:Sender", "x:InvalidRepresentation", "faultDetail/InvalidNamespace",
        "The representation is in the wrong XML namespace.",
        "Die Darstellung steht im falschen XML-Namensraum.");

    /// <summary>Keys are missing.</summary>
    public static FaultEntry InsufficientSelectors { get; } = new(2150858842, "s:Sender", "w:InvalidSelectors", "faultDetail/InsufficientSelectors",
        "The request lacks selectors that the resource needs.",
        "Der Anforderung fehlen Selektoren, die die Ressource braucht.");

    /// <summary>Keys too many, or an unknown shell or command.</summary>
    public static FaultEntry UnexpectedSelectors { get; } = new(2150858843, "s:Sender", "w:InvalidSelectors", "faultDetail/UnexpectedSelectors",
        "The request names selectors that match no resource.",
        "Die Anforderung nennt Selektoren, zu denen es keine Ressource gibt.");

    /// <summary>A key of another type.</summary>
    public static FaultEntry SelectorTypeMismatch { get; } = new(2150858844, "s:Sender", "w:InvalidSelectors", "faultDetail/TypeMismatch",
        "A selector's value has the wrong type.",
        "Der Wert eines Selektors hat den falschen Typ.");

    /// <summary>A key that cannot be.</summary>
    public static FaultEntry InvalidSelectorValue { get; } = new(2150858845, "s:Sender", "w:InvalidSelectors", "faultDetail/InvalidValue",
        "A selector's value is not valid.",
        "Der Wert eines Selektors ist ungültig.");

    /// <summary>Keys that do not choose one.</summary>
    public static FaultEntry AmbiguousSelectors { get; } = new(2150858846, "s:Sender", "w:InvalidSelectors", "faultDetail/AmbiguousSelectors",
        "The selectors match more than one resource.",
        "Die Selektoren treffen auf mehr als eine Ressource zu.");

    /// <summary>The same key twice.</summary>
    public static FaultEntry DuplicateSelectors { get; } = new(2150858847, "s:Sender", "w:InvalidSelectors", "faultDetail/DuplicateSelectors",
        "A selector is given more than once.",
        "Ein Selektor ist mehrfach angegeben.");

    /// <summary>ReplyTo or FaultTo elsewhere.</summary>
    public static FaultEntry UnsupportedAddressing { get; } = new(2150858870, "s:Sender", "w:UnsupportedFeature", "faultDetail/AddressingMode",
        "The service answers to the anonymous address only.",
        "Der Dienst antwortet nur an die anonyme Adresse.");

    /// <summary>A fragment of a resource that has none.</summary>
    public static FaultEntry FragmentTransferNotSupported { get; } = new(2150858871, "s:Sender", "w:UnsupportedFeature", "faultDetail/FragmentLevelAccess",
        "The resource does not support access to fragments.",
        "Die Ressource unterstützt keinen Zugriff auf Fragmente.");

    /// <summary>A MaxEnvelopeSize too small to answer in.</summary>
    public static FaultEntry MinimumEnvelopeLimit { get; } = new(2150858878, "s:Sender", "w:EncodingLimit", "faultDetail/MinimumEnvelopeLimit",
        "The requested maximum envelope size is smaller than 8192 bytes.",
        "Die verlangte größte Umschlaggröße ist kleiner als 8192 Byte.");

    /// <summary>EPRs of what has none.</summary>
    public static FaultEntry EnumerationModeUnsupported { get; } = new(2150858886, "s:Sender", "w:UnsupportedFeature", "faultDetail/EnumerationMode",
        "The resource does not support this enumeration mode.",
        "Die Ressource unterstützt diesen Aufzählungsmodus nicht.");

    /// <summary>A locale with mustUnderstand that is not served.</summary>
    public static FaultEntry UnsupportedLocale { get; } = new(2150858887, "s:Sender", "w:UnsupportedFeature", "faultDetail/Locale",
        "The language that the message insists on is not supported.",
        "Die von der Nachricht verlangte Sprache wird nicht unterstützt.");

    /// <summary>A fragment in an unknown dialect.</summary>
    public static FaultEntry FragmentDialectUnavailable { get; } = new(2150858896, "s:Receiver", "w:FragmentDialectNotSupported", null,
        "The fragment dialect is not supported.",
        "Der Fragmentdialekt wird nicht unterstützt.");

    /// <summary>A fragment that names nothing.</summary>
    public static FaultEntry InvalidFragmentPath { get; } = new(2150858899, "s:Sender", "w:CannotProcessFilter", null,
        "The fragment path is not valid for the resource.",
        "Der Fragmentpfad ist für die Ressource ungültig.");

    /// <summary>Get of a WMI class without its keys.</summary>
    public static FaultEntry SingletonKeysMissing { get; } = new(2150859002, "s:Sender", "w:InvalidSelectors", "faultDetail/InsufficientSelectors",
        "The class is not a singleton: the request must give the value of every key.",
        "Die Klasse hat mehr als eine Instanz: Die Anforderung muss jeden Schlüsselwert angeben.");

    /// <summary>A WQL query that is wrong.</summary>
    public static FaultEntry CannotProcessFilter { get; } = new(2150859042, "s:Sender", "w:CannotProcessFilter", null,
        "The query or filter cannot be processed.",
        "Die Abfrage oder der Filter kann nicht verarbeitet werden.");

    /// <summary>A mode that does not go with a query.</summary>
    public static FaultEntry PolymorphismModeUnsupported { get; } = new(2150859063, "s:Receiver", "b:PolymorphismModeNotSupported", null,
        "The polymorphism mode is not supported for this request.",
        "Der Polymorphiemodus wird für diese Anforderung nicht unterstützt.");

    /// <summary>A URI of another kind where a class was needed.</summary>
    public static FaultEntry NotADmtfClass { get; } = new(2150859065, "s:Sender", "a:DestinationUnreachable", "faultDetail/InvalidResourceURI",
        "The resource URI does not name a CIM class.",
        "Der Ressourcen-URI bezeichnet keine CIM-Klasse.");

    /// <summary>Two namespaces in one request.</summary>
    public static FaultEntry NamespaceSelectorDiffers { get; } = new(2150859067, "s:Sender", "w:InvalidSelectors", "faultDetail/UnexpectedSelectors",
        "The selector __cimnamespace differs from the namespace in the resource URI.",
        "Der Selektor __cimnamespace weicht vom Namensraum im Ressourcen-URI ab.");

    /// <summary>MaxShellsPerUser is reached.</summary>
    public static FaultEntry ShellQuotaPerUser { get; } = new(2150859173, "s:Sender", "w:QuotaLimit", null,
        "The caller has as many shells as one user may have.",
        "Der Aufrufer hat bereits so viele Shells, wie ein Benutzer haben darf.");

    /// <summary>MaxConcurrentOperationsPerUser is reached.</summary>
    public static FaultEntry OperationsQuotaPerUser { get; } = new(2150859174, "s:Receiver", "w:InternalError", null,
        "The caller has as many operations under way as one user may have.",
        "Der Aufrufer hat bereits so viele laufende Vorgänge, wie ein Benutzer haben darf.");

    /// <summary>MaxConcurrentUsers is reached.</summary>
    public static FaultEntry ShellUsersQuota { get; } = new(2150859179, "s:Sender", "w:QuotaLimit", null,
        "As many users have shells as the service allows.",
        "Es haben bereits so viele Benutzer Shells, wie der Dienst zulässt.");

    /// <summary>AllowRemoteShellAccess is false.</summary>
    public static FaultEntry ShellsDisabled { get; } = new(2150859180, "s:Receiver", "w:InternalError", null,
        "Remote shells are switched off on this host.",
        "Remoteshells sind auf diesem Host abgeschaltet.");

    /// <summary>A setting that has no effect any more.</summary>
    public static FaultEntry ReadOnlySetting { get; } = new(2150859182, "s:Sender", "w:InvalidParameter", null,
        "The setting can be read but not changed.",
        "Die Einstellung kann gelesen, aber nicht geändert werden.");

    /// <summary>Enumerate of commands without ShellId.</summary>
    public static FaultEntry CommandFilterRequired { get; } = new(2150859200, "s:Sender", "w:UnsupportedFeature", "faultDetail/FilteringRequired",
        "Commands can be listed only with a selector filter that names their shell.",
        "Befehle lassen sich nur mit einem Selektorfilter auflisten, der ihre Shell nennt.");

    /// <summary>Enumerate of commands as EPRs.</summary>
    public static FaultEntry CommandEprUnsupported { get; } = new(2150859201, "s:Sender", "w:UnsupportedFeature", "faultDetail/EnumerationMode",
        "Commands have no endpoint references.",
        "Befehle haben keine Endpunktverweise.");

    /// <summary>An operation on a shell that its client has left.</summary>
    public static FaultEntry ShellDisconnected { get; } = new(2150859204, "s:Receiver", "w:InternalError", null,
        "The shell is disconnected; reconnect or connect to it first.",
        "Die Shell ist getrennt; stellen Sie zuerst die Verbindung zu ihr wieder her.");

    /// <summary>Reconnect by another session than the one that left.</summary>
    public static FaultEntry ShellSessionMismatch { get; } = new(2150859206, "s:Sender", "w:InvalidParameter", null,
        "The shell belongs to another session; connect to it instead.",
        "Die Shell gehört zu einer anderen Sitzung; stellen Sie stattdessen eine neue Verbindung zu ihr her.");

    /// <summary>Connect to a shell that another client uses.</summary>
    public static FaultEntry ShellConnectedElsewhere { get; } = new(2150859213, "s:Receiver", "w:InternalError", null,
        "The shell is connected to another client.",
        "Die Shell ist mit einem anderen Client verbunden.");

    /// <summary>Disconnect of a shell that cannot.</summary>
    public static FaultEntry ShellDisconnectUnsupported { get; } = new(2150859205, "s:Sender", "w:UnsupportedFeature", null,
        "The shell does not support disconnecting.",
        "Die Shell unterstützt kein Trennen.");

    /// <summary>A ShellId that is not a GUID.</summary>
    public static FaultEntry ShellIdInvalid { get; } = new(2150859221, "s:Sender", "w:InvalidParameter", "faultDetail/InvalidValue",
        "The shell id chosen by the client is not valid.",
        "Die vom Client gewählte Shell-ID ist ungültig.");

    /// <summary>A CommandId that is not a GUID.</summary>
    public static FaultEntry CommandIdInvalid { get; } = new(2150859220, "s:Sender", "w:InvalidParameter", "faultDetail/InvalidValue",
        "The command id chosen by the client is not valid.",
        "Die vom Client gewählte Befehls-ID ist ungültig.");

    /// <summary>Two commands with one id.</summary>
    public static FaultEntry CommandIdInUse { get; } = new(2150859222, "s:Sender", "w:InvalidParameter", "faultDetail/InvalidValue",
        "The command id chosen by the client is in use in this shell.",
        "Die vom Client gewählte Befehls-ID wird in dieser Shell bereits verwendet.");

    /// <summary>Two shells with one id.</summary>
    public static FaultEntry ShellIdInUse { get; } = new(2150859223, "s:Sender", "w:InvalidParameter", "faultDetail/InvalidValue",
        "The shell id chosen by the client is in use.",
        "Die vom Client gewählte Shell-ID wird bereits verwendet.");

    /// <summary>MaxProcessesPerShell is reached.</summary>
    public static FaultEntry CommandsQuotaPerShell { get; } = new(2150859241, "s:Sender", "w:QuotaLimit", null,
        "The shell has as many commands as it may have.",
        "Die Shell hat bereits so viele Befehle, wie sie haben darf.");

    /// <summary>An IdleTimeOut that is too short.</summary>
    public static FaultEntry IdleTimeOutOutOfBounds { get; } = new(2150859250, "s:Sender", "w:InvalidParameter", "faultDetail/InvalidValue",
        "The idle time-out of the shell is out of bounds.",
        "Das Leerlaufzeitlimit der Shell liegt außerhalb der Grenzen.");

    /// <summary>A setting that the policy decides.</summary>
    public static FaultEntry PolicyControlledSetting { get; } = new(2150858890, "s:Receiver", "w:InternalError", null,
        "The setting is controlled by policy and cannot be changed here.",
        "Die Einstellung wird durch eine Richtlinie bestimmt und kann hier nicht geändert werden.");

    /// <summary>An address that a listener cannot have.</summary>
    public static FaultEntry ListenerAddressInvalid { get; } = new(2150858889, "s:Sender", "w:InvalidSelectors", null,
        "The address of the listener is not valid.",
        "Die Adresse des Listeners ist ungültig.");

    /// <summary>A certificate for HTTP.</summary>
    public static FaultEntry CertificateThumbprintNotBlank { get; } = new(2150858982, "s:Sender", "x:InvalidRepresentation", null,
        "The certificate thumbprint must be empty for HTTP.",
        "Der Zertifikatfingerabdruck muss bei HTTP leer sein.");

    /// <summary>HTTPS without a certificate that could serve it.</summary>
    public static FaultEntry CertificateRequired { get; } = new(2150859029, "s:Receiver", "w:InternalError", null,
        "HTTPS needs a certificate for server authentication, with its private key, that is valid now and made for the host's name.",
        "HTTPS braucht ein gültiges Zertifikat zur Serverauthentifizierung mit privatem Schlüssel, das auf den Namen des Hosts lautet.");

    /// <summary>A property that the service finds out.</summary>
    public static FaultEntry ConfigurationReadOnlyProperty { get; } = new(2150859071, "s:Sender", "x:InvalidRepresentation", null,
        "The property can be read but not set.",
        "Die Eigenschaft kann gelesen, aber nicht gesetzt werden.");

    /// <summary>A custom shell under the command shell's URI.</summary>
    public static FaultEntry ShellUriNotPermitted { get; } = new(2150859097, "s:Sender", "w:InvalidSelectors", null,
        "The URI of the command shell cannot be that of a custom shell.",
        "Der URI der Befehlsshell kann nicht der einer benutzerdefinierten Shell sein.");

    /// <summary>MaxConnections is reached.</summary>
    public static FaultEntry SystemQuota { get; } = new(2150859176, "s:Sender", "w:QuotaLimit", null,
        "The service has as many requests under way as it may have.",
        "Der Dienst bearbeitet bereits so viele Anforderungen, wie er darf.");

    /// <summary>A plug-in that failed, ended or cannot be started.</summary>
    public static FaultEntry PluginFailed { get; } = new(2150858883, "s:Receiver", "w:InternalError", null,
        "The plug-in that serves the resource failed.",
        "Das Plug-in, das die Ressource bedient, ist ausgefallen.");

    /// <summary>A service elsewhere is to be asked.</summary>
    public static FaultEntry RedirectRequested { get; } = new(2150859161, "s:Receiver", "a:EndpointUnavailable", null,
        "The service asks the client to go to another address.",
        "Der Dienst verweist den Client an eine andere Adresse.");

    /// <summary>More operations in a time than one user may have.</summary>
    public static FaultEntry UserQuota { get; } = new(2150859175, "s:Sender", "w:QuotaLimit", null,
        "The user has had all operations that are allowed in this time.",
        "Der Benutzer hat alle in dieser Zeit zulässigen Vorgänge ausgeführt.");

    /// <summary>More shells of a user than a plug-in allows.</summary>
    public static FaultEntry PluginShellsQuotaPerUser { get; } = new(2150859236, "s:Sender", "w:QuotaLimit", null,
        "The user has all shells that the plug-in allows.",
        "Der Benutzer hat alle Shells, die das Plug-in zulässt.");

    /// <summary>More users than a plug-in allows.</summary>
    public static FaultEntry PluginUsersQuota { get; } = new(2150859237, "s:Sender", "w:QuotaLimit", null,
        "The plug-in has all users that it allows.",
        "Das Plug-in hat alle Benutzer, die es zulässt.");

    /// <summary>More shells than a plug-in allows.</summary>
    public static FaultEntry PluginShellsQuota { get; } = new(2150859238, "s:Sender", "w:QuotaLimit", null,
        "The plug-in has all shells that it allows.",
        "Das Plug-in hat alle Shells, die es zulässt.");

    /// <summary>More operations than a plug-in allows.</summary>
    public static FaultEntry PluginOperationsQuota { get; } = new(2150859239, "s:Sender", "w:QuotaLimit", null,
        "The plug-in has all operations that it allows.",
        "Das Plug-in hat alle Vorgänge, die es zulässt.");

    /// <summary>More operations of a user than a plug-in allows.</summary>
    public static FaultEntry PluginOperationsQuotaPerUser { get; } = new(2150859240, "s:Sender", "w:QuotaLimit", null,
        "The user has all operations that the plug-in allows.",
        "Der Benutzer hat alle Vorgänge, die das Plug-in zulässt.");

    /// <summary>A failure inside the service that no other entry describes.</summary>
    public static FaultEntry InternalError { get; } = new(1359, "s:Receiver", "w:InternalError", null,
        "The service met an error it did not expect.",
        "Im Dienst ist ein unerwarteter Fehler aufgetreten.");

    private static readonly Lazy<Dictionary<uint, FaultEntry>> Codes = new(() => All!.ToDictionary(entry => entry.Code));

    /// <summary>Every entry.</summary>
    public static IReadOnlyList<FaultEntry> All { get; } =
    [
        AccessDenied,
        NotSupported,
        InvalidParameter,
        OperationAborted,
        FileNotFound,
        ResourceNotFound,
        InvalidActionUri,
        VersionMismatch,
        InvalidHeader,
        MustUnderstand,
        HeaderRequired,
        ActionNotSupported,
        EndpointUnavailable,
        InvalidRepresentation,
        EnumerationFilteringNotSupported,
        FilterDialectUnavailable,
        CannotProcessEnumerationFilter,
        InvalidEnumerationContext,
        OperationTimedOut,
        UriLimit,
        ActionMismatch,
        Concurrency,
        AlreadyExists,
        EncodingLimit,
        InvalidOptions,
        InvalidResourceUri,
        InvalidSelectors,
        QuotaLimit,
        SchemaValidationError,
        UnsupportedFeature,
        MalformedXml,
        MaxEnvelopeSizeExceeded,
        ServiceEnvelopeLimit,
        SelectorLimit,
        OptionLimit,
        CharacterSet,
        OptionNotSupported,
        OptionInvalidName,
        OptionInvalidValue,
        InvalidParameterValue,
        ParameterTypeMismatch,
        InvalidParameterName,
        InvalidXmlValues,
        InvalidXmlMissingValues,
        InvalidXmlNamespace,
        InsufficientSelectors,
        UnexpectedSelectors,
        SelectorTypeMismatch,
        InvalidSelectorValue,
        AmbiguousSelectors,
        DuplicateSelectors,
        UnsupportedAddressing,
        FragmentTransferNotSupported,
        MinimumEnvelopeLimit,
        EnumerationModeUnsupported,
        UnsupportedLocale,
        FragmentDialectUnavailable,
        InvalidFragmentPath,
        SingletonKeysMissing,
        CannotProcessFilter,
        PolymorphismModeUnsupported,
        NotADmtfClass,
        NamespaceSelectorDiffers,
        ShellQuotaPerUser,
        OperationsQuotaPerUser,
        ShellUsersQuota,
        ShellsDisabled,
        ReadOnlySetting,
        CommandFilterRequired,
        CommandEprUnsupported,
        ShellDisconnected,
        ShellDisconnectUnsupported,
        ShellSessionMismatch,
        ShellConnectedElsewhere,
        ShellIdInvalid,
        CommandIdInvalid,
        CommandIdInUse,
        ShellIdInUse,
        CommandsQuotaPerShell,
        IdleTimeOutOutOfBounds,
        DeliveryModeUnavailable,
        InvalidExpirationTime,
        UnsupportedExpirationType,
        DeliveryRefused,
        InsecureAddress,
        UnusableAddress,
        CannotComplyWithPolicy,
        FilteringRequestedUnavailable,
        UnableToRenew,
        InvalidEventingMessage,
        PolicyControlledSetting,
        ListenerAddressInvalid,
        CertificateThumbprintNotBlank,
        CertificateRequired,
        ConfigurationReadOnlyProperty,
        ShellUriNotPermitted,
        SystemQuota,
        InternalError,
    ];

    /// <summary>The entry of <paramref name="code"/>, or null.</summary>
    public static FaultEntry? Find(uint code) => Codes.Value.GetValueOrDefault(code);
}
