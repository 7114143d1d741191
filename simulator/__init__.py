"""The practice cloud: moto's server, and students to put into it."""
