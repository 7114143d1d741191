"""The bucket answers as a website."""


def check_enabled(website):
    """Static website hosting is on."""
    assert not website.leads_to, (
        f"bucket {website.bucket} sends every visitor on to {website.leads_to}, it should show its own pages"
    )


def check_index_document(index_document, criterion):
    """The first page is called as the lesson says."""
    assert index_document.name == criterion.parameters["name"], (
        f"the index document is {index_document.name}, it should be {criterion.parameters['name']}"
    )


def check_error_document(error_document, criterion):
    """The page for what is not there is called as the lesson says."""
    assert error_document.name == criterion.parameters["name"], (
        f"the error document is {error_document.name}, it should be {criterion.parameters['name']}"
    )
