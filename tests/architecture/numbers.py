"""Every number that Kith can keep or send, and what it counts. None is a measure of a young person; an age as given is a fact.

For each reason, where the numbers stand: module.Class.field, table.column, or map.path. Checked by test_no_scores_on_people.
Before adding a number that stands beside a young person: it may not exist.
"""

REASONS: dict[str, tuple[str, ...]] = {
    # Facts and records
    "a fact as it was given, like a date of birth; shown to those who may see identity, never sorted or counted by": (
        "api.rest.people.YoungPersonIn.age",
        "graph.people.YoungPerson.age",
    ),
    "how often a record was saved, so that two people saving at once are told apart": (
        "change.version",
        "graph.records.Record.version",
        "graph.store.boundary.Change.version",
        "record.version",
    ),
    "how often a statement says that something happened there": (
        "api.rest.referral_shapes.LinkIn.occurrences",
        "forum.assertion_drafts.LinkDraft.occurrences",
        "graph.assertions.Assertion.occurrences",
    ),
    "how often a referral says that something happened": (
        "api.rest.referral_shapes.OccurrencesIn.count",
        "forum.referral_drafts.ReferralDraft.occurrences",
        "forum.referral_parts.Occurrences.count",
    ),
    "what a participant said each context weighs: about contexts, never about a person": (
        "forum.weighting.ParticipantWeights.weights",
    ),
    "how late the forum is in telling somebody: about the telling, and about us": ("forum.told.Telling.days_overdue",),
    # Findings about contexts and groups of referrals
    "how well a whole finding holds still over other seeds; no member carries it": (
        "api.rest.findings.ClustersOut.stability",
        "graph.analysis.clusters.Cluster.stability",
        "graph.analysis.clusters.ClusterFinding.stability",
        "graph.analysis.consensus.SettledGroup.stability",
        "graph.analysis.ladder.Trial.agreement",
    ),
    "places in a list that a computation works through, thrown away with it": (
        "graph.analysis.clusters.ClusterInput.links",
        "graph.analysis.clusters._Ordered.peers",
        "graph.analysis.clusters._Ordered.sharing",
        "graph.analysis.clusters._Ordered.too_large",
        "graph.analysis.columns.TieColumns.weights",
        "graph.analysis.consensus.SettledGroup.members",
    ),
    "how many statements a kept network held when it was made, so that not too many are kept": (
        "graph.projection.following._Answer.ties",
    ),
    "how a finding was made: the setting tried, and how many clusters it gives": (
        "api.cluster_desk.ClusterDesk._found",
        "graph.analysis.clusters.ClusterFinding.parameters",
        "graph.analysis.ladder.Trial.clusters",
        "graph.analysis.local_moving.Rung.resolution",
    ),
    "how many referrals, contexts or pairs there are to read, or the least that a context is known to hold": (
        "api.pages.presenters.linked_referrals.Findings.contexts",
        "api.pages.presenters.linked_referrals.Findings.everyone",
        "api.pages.presenters.linked_referrals.Findings.pairs",
        "visualise.counts.Counts.least_of",
    ),
    # The store
    "the place of a committed write, or the number of the schema": (
        "change.position",
        "change.revision",
        "graph.projection.following._Answer.revision",
        "graph.store.boundary.Change.position",
        "graph.store.boundary.Change.revision",
        "graph.store.boundary.StoreFacts.schema",
        "graph.store.migrate.Migration.number",
        "head.revision",
        "write_key.revision",
    ),
    "the audit's own: its place in the chain, how many rows an answer had, how long ago the reader had signed in": (
        "audit.seq",
        "audit_about.seq",
        "graph.store.boundary.AuditEntry.rows",
        "graph.store.boundary.AuditEntry.seq",
        "graph.store.boundary.AuditEntry.signed_in_seconds",
        "graph.store.chain.Link.seq",
    ),
    # Files read
    "where in a file something stands, or how much of it was read": (
        "ingest.case_ids.Held.referral",
        "ingest.cells.PlaceCells.number",
        "ingest.cells.RowCells.line",
        "ingest.cells.RowCells.number",
        "ingest.columns.Columns.where",
        "ingest.errors.FileMistake.line",
        "ingest.load.Import.rows",
        "ingest.load._Counts.places",
        "ingest.load._Counts.referrals",
        "ingest.load._Done.referrals",
        "ingest.load._Done.rows",
        "ingest.plain_yaml.Spot.holds",
        "ingest.plain_yaml.Spot.line",
        "ingest.report.LoadReport.places",
        "ingest.report.LoadReport.referrals",
        "ingest.report.LoadReport.rows",
        "ingest.report.RejectedRow.line",
        "ingest.report.RejectedRow.row",
        "ingest.row_referrals.PlaceTie.place",
        "ingest.row_referrals.RowReferral.line",
        "ingest.row_referrals.RowReferral.row",
        "ingest.row_referrals.RowReferral.rows",
        "ingest.row_referrals.RowShape.ties",
        "ingest.tables.Row.line",
        "ingest.tables.Row.number",
    ),
    "how many of each a file held: the report of a load": (
        "ingest.load._Counts.already_there",
        "ingest.load._Counts.people",
        "ingest.load._Counts.statements",
        "ingest.report.LoadReport.already_there",
        "ingest.report.LoadReport.people",
        "ingest.report.LoadReport.statements",
    ),
    # The drawing
    "a place or a size on the drawing": (
        "map.thing.at.x",
        "map.thing.at.y",
        "map.view.aspect",
        "visualise.document.At.x",
        "visualise.document.At.y",
        "visualise.document.LayoutNote.seed",
        "visualise.document.MapView.aspect",
        "visualise.frame.LegendColumn.height",
        "visualise.geometry.Box.bottom",
        "visualise.geometry.Box.left",
        "visualise.geometry.Box.right",
        "visualise.geometry.Box.top",
        "visualise.geometry.Curve.control",
        "visualise.geometry.Curve.end",
        "visualise.geometry.Curve.start",
        "visualise.geometry.OnCurve.dx",
        "visualise.geometry.OnCurve.dy",
        "visualise.geometry.OnCurve.x",
        "visualise.geometry.OnCurve.y",
        "visualise.picture_parts.Symbol.x",
        "visualise.picture_parts.Symbol.y",
        "visualise.placement.Picture.height",
        "visualise.svg._Sheet.height",
        "visualise.svg._Sheet.width",
        "visualise.tags.Placed.mark",
    ),
    "where a thing stands on the drawing; belongs to the map sheet": (
        "forum.maps.Position.x",
        "forum.maps.Position.y",
    ),
    "where the layout began, so that it can be repeated": ("map.view.layout.seed",),
    "how many independent agencies say the same of one tie: about the statement, not about its ends": (
        "map.link.agencies",
        "visualise.document.Link.agencies",
        "visualise.peer_ties.TieToDraw.agencies",
    ),
    "how many things a filter, an age or the size left out, of those this reader may see": (
        "visualise.document.Withheld.by_age",
        "visualise.document.Withheld.by_filter",
        "visualise.document.Withheld.by_level",
    ),
    "how far from its middle a map reaches": (
        "api.rest.maps.MapIn.steps",
        "forum.maps.MapSheet.steps",
        "forum.maps.SheetDraft.steps",
    ),
    # The service
    "paging: how many this reader may see, and which of them stand here": (
        "api.pages.presenters.paging.Slice.first",
        "api.pages.presenters.paging.Slice.last",
        "api.pages.presenters.paging.Slice.page",
        "api.pages.presenters.paging.Slice.total",
        "api.paging.Page.total",
        "api.paging.PageAsked.limit",
        "api.rest.answers.Total.value",
    ),
    "the number of an HTTP answer, and the seconds to wait": (
        "api.errors.answers.Problem.retry_after",
        "api.errors.answers.Problem.status",
        "api.errors.table.Row.retry_after",
        "api.errors.table.Row.status",
    ),
    "a setting of the service": (
        "api.settings.Settings.evaluation_rows",
        "api.settings.Settings.port",
        "api.settings.Settings.referrals_an_hour",
        "api.settings.Settings.requests_a_minute",
    ),
    "the version of a code list": (
        "api.rest.code_lists.CodeListOut.version",
        "forum.code_lists.CodeList.version",
    ),
}
NUMBERS: dict[str, str] = {number: reason for reason, numbers in REASONS.items() for number in numbers}

# Names that read like a measure and are none, each with the reason.
WORDS_OF_MEASURES: dict[str, str] = {}
