//! What can drift in the text of the project.
